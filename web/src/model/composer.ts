// What is being written: where a completion begins and what it becomes, and what a paste of code
// turns into. Pure functions of the text and the caret.

import { fold } from "./names.ts";

/** A word that can be completed. */
export type Trigger = { kind: "mention" | "command" | "emoji"; from: number; typed: string };

const TRIGGER = /(?:^|[\s(])([@:])([\p{L}\p{N}\p{M}_.-]*)$/u;

/** The word at the caret, if it asks for completion. */
export function trigger(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret);
  const command = /^\/([a-z]*)$/.exec(before);
  if (command) return { kind: "command", from: 0, typed: command[1]! };
  const found = TRIGGER.exec(before);
  if (!found) return undefined;
  const typed = found[2]!;
  if (found[1] === ":" && typed.length < 2) return undefined;
  const kind = found[1] === "@" ? "mention" : "emoji";
  return { kind, from: caret - typed.length - 1, typed };
}

/** The text with the word completed, and where the caret is then. */
export function complete(text: string, caret: number, at: Trigger, by: string): [string, number] {
  const after = text.slice(caret);
  const space = /^\s/.test(after) ? "" : " ";
  const before = `${text.slice(0, at.from)}${by}${space}`;
  return [before + after, before.length];
}

/** Those that fit what was typed: first those that begin so, then those that have it inside. */
export function matching<T>(all: readonly T[], name: (one: T) => string, typed: string, most: number): T[] {
  const wanted = fold(typed);
  const begins: T[] = [];
  const inside: T[] = [];
  for (const one of all) {
    const at = fold(name(one)).indexOf(wanted);
    if (at === 0) begins.push(one);
    else if (at > 0) inside.push(one);
  }
  return [...begins, ...inside].slice(0, most);
}

/** Lines from which a paste may be code. */
const CODE_LINES_MIN = 4;

/** Whether a pasted text looks like code: several lines, and many that end or begin like it. */
export function looksLikeCode(text: string): boolean {
  const lines = text.trimEnd().split("\n").filter((line) => line.trim() !== "");
  if (lines.length < CODE_LINES_MIN || text.includes("```")) return false;
  const codish = lines.filter((line) => /^(\s{2,}|\t)|[;{}()\[\],:]\s*$|^\s*(#|\/\/|<\/?\w)/.test(line));
  return codish.length * 2 >= lines.length;
}

/** A paste as a block of code. */
export function fenced(text: string): string {
  return `\`\`\`\n${text.replace(/\s+$/, "")}\n\`\`\`\n`;
}
