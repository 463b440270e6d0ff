// How the page is built. `npm run dev` speaks to a server on port 7777.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { fluent } from "./build/fluent.ts";
import { shell } from "./build/shell.ts";

const SERVER = process.env["PAPO"] ?? "http://127.0.0.1:7777";

export default defineConfig({
  plugins: [fluent(), svelte(), shell()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { proxy: { "/ws": { target: SERVER, ws: true, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts", "build/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
