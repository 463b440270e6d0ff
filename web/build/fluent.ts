// Turns the message files (crates/lang/locales/<language>/browser.ftl) into small tables at build
// time, so that the page needs no parser and each language is a chunk of its own.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, type Expression, type Pattern, type PlaceableExpression } from "./fluent-syntax.ts";
import type { Plugin } from "vite";
import type { Part, Table } from "../src/model/messages.ts";

/** The languages of the page, as their folders are called. */
export const LANGUAGES = ["pt-BR", "en", "es"] as const;

const PREFIX = "virtual:messages/";

/** Where a language's messages are. */
export function path(language: string): string {
  return fileURLToPath(new URL(`../../crates/lang/locales/${language}/browser.ftl`, import.meta.url));
}

/** The table of a language's messages. Fails on what the page could not show. */
export function table(language: string): Table {
  const messages: Table = {};
  for (const entry of parse(readFileSync(path(language), "utf8"), {}).body) {
    if (entry.type === "Junk") throw new Error(`${language}: ${entry.content}`);
    if (entry.type !== "Message" || !entry.value) continue;
    messages[entry.id.name] = simplest(parts(entry.value, language));
  }
  return messages;
}

function parts(pattern: Pattern, language: string): Part[] {
  return pattern.elements.map((element) =>
    element.type === "TextElement" ? element.value : placeable(element.expression, language),
  );
}

function placeable(expression: PlaceableExpression, language: string): Part {
  if (expression.type === "SelectExpression") {
    const branches: Record<string, Part | Part[]> = {};
    for (const variant of expression.variants) {
      const key = variant.key.type === "Identifier" ? variant.key.name : variant.key.value;
      branches[key] = simplest(parts(variant.value, language));
      if (variant.default) branches["other"] ??= branches[key];
    }
    return { v: variable(expression.selector, language), s: branches };
  }
  if (expression.type === "StringLiteral") return expression.value;
  return { v: variable(expression as Expression, language) };
}

function variable(expression: Expression, language: string): string {
  if (expression.type === "VariableReference") return expression.id.name;
  throw new Error(`${language}: ${expression.type} is not supported`);
}

function simplest(all: Part[]): string | Part[] {
  return all.every((part) => typeof part === "string") ? all.join("") : all;
}

/** The plugin: `virtual:messages/<language>`. */
export function fluent(): Plugin {
  return {
    name: "papo-fluent",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const language = id.slice(PREFIX.length + 1);
      this.addWatchFile(path(language));
      return `export default ${JSON.stringify(table(language))}`;
    },
  };
}
