// What may be typed behind a slash, as data: its name, what it wants, and what is asked of the server.

import { LIMITS } from "../protocol/papo.v1.ts";

/** A command; what it does is said in the message `command-<name>`. */
export type Command = {
  name: string;
  /** Message ids of its arguments; the last takes the rest of the line. */
  wants: readonly string[];
  /** How many of them must be there. */
  least: number;
  /** Only for who keeps order in the room. */
  order?: boolean;
};

/** All of them, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  { name: "join", wants: ["room"], least: 1 },
  { name: "create", wants: ["room", "capacity"], least: 1 },
  { name: "leave", wants: [], least: 0 },
  { name: "nick", wants: ["nick"], least: 1 },
  { name: "topic", wants: ["text"], least: 0 },
  { name: "msg", wants: ["nick", "text"], least: 1 },
  { name: "search", wants: ["words"], least: 0 },
  { name: "pins", wants: [], least: 0 },
  { name: "people", wants: [], least: 0 },
  { name: "kick", wants: ["nick", "reason"], least: 1, order: true },
  { name: "ban", wants: ["nick", "minutes", "reason"], least: 1, order: true },
  { name: "unban", wants: ["nick"], least: 1, order: true },
  { name: "mute", wants: ["nick", "minutes", "reason"], least: 1, order: true },
  { name: "unmute", wants: ["nick"], least: 1, order: true },
  { name: "slow", wants: ["seconds"], least: 1, order: true },
  { name: "purge", wants: ["nick", "minutes"], least: 1, order: true },
  { name: "role", wants: ["nick", "role"], least: 2, order: true },
  { name: "invite", wants: ["nick"], least: 1, order: true },
  { name: "capacity", wants: ["capacity"], least: 1, order: true },
  { name: "order", wants: [], least: 0, order: true },
  { name: "audit", wants: [], least: 0, order: true },
  { name: "links", wants: [], least: 0, order: true },
  { name: "help", wants: [], least: 0 },
];

/** What a line turned out to be. */
export type Typed =
  | { is: "text"; text: string }
  | { is: "command"; command: Command; given: string[] }
  | { is: "unknown"; name: string }
  | { is: "incomplete"; command: Command };

/** Reads a line. `//` at the front is text that begins with a slash; a path is text too. */
export function read(line: string): Typed {
  if (line.startsWith("//")) return { is: "text", text: line.slice(1) };
  const found = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(line.trim());
  if (!found) return { is: "text", text: line };
  const command = COMMANDS.find(({ name }) => name === found[1]);
  if (!command) return { is: "unknown", name: found[1]! };
  const given: string[] = [];
  let rest = (found[2] ?? "").trim();
  for (let at = 0; at < command.wants.length && rest !== ""; at += 1) {
    const [word] = at === command.wants.length - 1 ? [rest] : rest.split(/\s/, 1);
    given.push(word!);
    rest = rest.slice(word!.length).trim();
  }
  return given.length < command.least ? { is: "incomplete", command } : { is: "command", command, given };
}

/** Bytes that a text takes on its way. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether a text is longer than the server takes. */
export function isTooLong(text: string): boolean {
  return bytes(text) > LIMITS.TEXT_BYTES_MAX;
}
