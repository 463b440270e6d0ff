// Every message that the page asks for is there, in every language, with the same variables.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, it } from "vitest";
import { format, type Part } from "../src/model/messages.ts";
import { LANGUAGES, table } from "./fluent.ts";

const SOURCES = fileURLToPath(new URL("../src", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts") ? [readFileSync(path, "utf8")] : [];
  });
}

function variables(part: Part | Part[]): string[] {
  if (typeof part === "string") return [];
  if (Array.isArray(part)) return [...new Set(part.flatMap(variables))].sort();
  return [part.v, ...Object.values(part.s ?? {}).flatMap(variables)];
}

const tables = LANGUAGES.map((language) => table(language));

it("every language says the same with the same variables", () => {
  const shapes = tables.map((messages) =>
    Object.entries(messages).map(([id, message]) => [id, typeof message === "string" ? [] : variables(message)]),
  );
  for (const shape of shapes) expect(shape).toEqual(shapes[0]);
});

it("every message that is asked for is there, and none for nothing", () => {
  const text = sources(SOURCES).join("\n");
  const known = new Set(Object.keys(tables[0]!));
  const asked = [...text.matchAll(/\bt\(\s*"([a-z0-9-]+)"/g)].map((found) => found[1]!);
  expect(asked.length).toBeGreaterThan(50);
  for (const id of asked) expect(known, id).toContain(id);
  const begun = [...text.matchAll(/\bt\(\s*`([a-z-]+)\$\{/g)].map((found) => found[1]!);
  const quoted = new Set([...text.matchAll(/"([a-z0-9-]+)"/g)].map((found) => found[1]!));
  const ended = [...text.matchAll(/\$\{\w+\}(-[a-z]+)`/g)].map((found) => found[1]!);
  for (const id of known) {
    const used = quoted.has(id) || begun.some((start) => id.startsWith(start)) || ended.some((end) => id.endsWith(end));
    expect(used || id === "tagline", `${id} is not used`).toBe(true);
  }
});

it("numbers choose their form", () => {
  expect(format(tables[1]!, "en", "room-present", { n: 1 })).toBe("1 person");
  expect(format(tables[1]!, "en", "room-present", { n: 0 })).toBe("nobody here");
  expect(format(tables[0]!, "pt-BR", "room-places", { n: 2000 })).toBe("2.000 lugares livres");
  expect(format(tables[1]!, "en", "nothing-like-it")).toBe("nothing-like-it");
});
