// Finishes the build: the service worker learns which files make up the shell, and each file gets
// a gzipped twin that the server embeds.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { table } from "./fluent.ts";

/** What grows or hardly shrinks is served as it is. */
const COMPRESSIBLE = /\.(html|js|css|svg|webmanifest|json)$/;

/** The plugin. `__SHELL__` in sw.js becomes the list of files, `__VERSION__` their hash. */
export function shell(): Plugin {
  let folder = "";
  return {
    name: "papo-shell",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    transformIndexHtml: (html) => html.replaceAll("%TAGLINE%", String(table("en")["tagline"])),
    closeBundle() {
      const files = walk(folder).filter((file) => !file.endsWith(".gz"));
      const shellFiles = files.filter((file) => file !== "sw.js");
      const hash = createHash("sha256");
      for (const file of shellFiles) hash.update(file).update(readFileSync(join(folder, file)));
      const worker = join(folder, "sw.js");
      const list = shellFiles.map((file) => (file === "index.html" ? "/" : `/${file}`));
      writeFileSync(
        worker,
        readFileSync(worker, "utf8")
          .replace(/["'`]__SHELL__["'`]/, JSON.stringify(list))
          .replace("__VERSION__", hash.digest("hex").slice(0, 16)),
      );
      for (const file of files) {
        if (!COMPRESSIBLE.test(file)) continue;
        const bytes = readFileSync(join(folder, file));
        writeFileSync(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

function walk(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below))
    .sort()
    .flatMap((name) => {
      const file = below ? `${below}/${name}` : name;
      return statSync(join(folder, file)).isDirectory() ? walk(folder, file) : [file];
    });
}
