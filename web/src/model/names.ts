// Names of people and rooms: when two are one, what is a right one, and a colour for each.

import { LIMITS } from "../protocol/papo.v1.ts";

/** A name as two spellings of one compare. */
export function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** Whether both are one person, or one room. */
export function sameNick(one: string, other: string): boolean {
  return one === other || fold(one) === fold(other);
}

const NAME = /^[\p{L}\p{N}\p{M}_.-]+$/u;

/** What is wrong with a name, if anything. */
export function wrongName(name: string): "empty" | "long" | "characters" | undefined {
  if (name === "") return "empty";
  if ([...name].length > LIMITS.NAME_CHARS_MAX) return "long";
  return NAME.test(name) ? undefined : "characters";
}

/** Colours there are for people. */
export const HUES = 8;

/** A person's colour: always the same one. */
export function hue(nick: string): number {
  let hash = 2_166_136_261;
  for (const character of fold(nick)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619);
  }
  return (hash >>> 8) % HUES;
}

/** What stands in a person's picture. */
export function initial(nick: string): string {
  const letter = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(nick)][0];
  return (letter?.segment ?? "?").toLocaleUpperCase();
}
