// How the page is built. `npm run dev` speaks to a server on port 7777.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { fluent } from "./build/fluent.ts";
import { shell } from "./build/shell.ts";

const SERVER = process.env["PAPO"] ?? "http://127.0.0.1:7777";

/** What is loaded when it is wanted: panels, dialogs, and what they alone need. */
const LATER = /\/src\/(features\/(search|order|links|settings|people|emoji\/Picker|messages\/notice)|model\/(emoji|highlight)|main|sw)\b/;

/** All else is one file: on a bad line each further one is a wait of its own. */
function isOfTheFirstPage(id: string): boolean {
  return /\/(src|node_modules\/(svelte|esm-env|clsx))\//.test(id) && !LATER.test(id);
}

export default defineConfig({
  plugins: [fluent(), svelte(), shell()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: {
        codeSplitting: {
          groups: [
            { name: "first", test: /\/src\/state\/(language|storage)\.ts$|vite\/preload-helper/, priority: 2 },
            { name: "page", test: isOfTheFirstPage, priority: 1 },
          ],
        },
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { proxy: { "/ws": { target: SERVER, ws: true, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts", "build/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
