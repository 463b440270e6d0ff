// Fills in the messages of a language. The tables are made at build time (build/fluent.ts) from the
// same kind of files as the server's.

/** A piece of a message: text, a variable, or a choice by a variable. */
export type Part = string | { v: string; s?: Record<string, Part | Part[]> };

/** A language's messages. */
export type Table = Record<string, string | Part[]>;

/** What a message is filled in with. */
export type Values = Record<string, string | number>;

/** The message `id`. One that is not there reads as its id: the tests keep that from happening. */
export function format(table: Table, language: string, id: string, values: Values = {}): string {
  const message = table[id];
  if (message === undefined) return id;
  return typeof message === "string" ? message : render(message, language, values);
}

const rules = new Map<string, Intl.PluralRules>();

function plural(language: string, count: number): string {
  let known = rules.get(language);
  if (!known) rules.set(language, (known = new Intl.PluralRules(language)));
  return known.select(count);
}

function render(part: Part | Part[], language: string, values: Values): string {
  if (typeof part === "string") return part;
  if (Array.isArray(part)) return part.map((each) => render(each, language, values)).join("");
  const value = values[part.v] ?? "";
  if (!part.s) return typeof value === "number" ? value.toLocaleString(language) : value;
  const branch =
    part.s[String(value)] ??
    (typeof value === "number" ? part.s[plural(language, value)] : undefined) ??
    part.s["other"];
  return branch === undefined ? "" : render(branch, language, values);
}
