// Which rows of a timeline are in sight, and what stands with each: the day, the name, the line of
// what is unread. Pure, so that the arithmetic of scrolling is tested without a screen.

import { sameNick } from "./names.ts";
import { day, GROUP_MS } from "./time.ts";
import type { Entry, Timeline } from "./timeline.ts";

/** A row as it is shown. */
export type Row = {
  entry: Entry;
  /** The day begins with it. */
  newDay: boolean;
  /** It stands under the name of the row before. */
  grouped: boolean;
  /** What is unread begins with it. */
  unread: boolean;
};

/** The row at a place; `line` is the last message that was read, 0 if that is not shown. */
export function row(timeline: Timeline, at: number, line: number): Row {
  const entry = timeline.entries[at]!;
  const before = timeline.entries[at - 1];
  const newDay = before ? day(before.at) !== day(entry.at) : timeline.hasStart;
  const unread = line > 0 && entry.seq > line && (before ? before.seq <= line : false);
  const grouped =
    before !== undefined &&
    !newDay &&
    !unread &&
    entry.reply === undefined &&
    before.text !== null &&
    entry.text !== null &&
    entry.at - before.at < GROUP_MS &&
    before.by.account === entry.by.account &&
    sameNick(before.by.nick, entry.by.nick);
  return { entry, newDay, grouped, unread };
}

/** Px of one character, of a line, and of what else a row has: about right is enough. */
const CHARACTER_PX = 7.4;
const LINE_PX = 22;
const GROUPED_PX = 4;
const HEADED_PX = 40;

/** How high a row will be, before anyone has seen it. */
export function estimate(timeline: Timeline, at: number, width: number): number {
  const { entry, newDay, grouped } = row(timeline, at, 0);
  const across = Math.max(10, Math.floor((width - 80) / CHARACTER_PX));
  const text = entry.text ?? "";
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / across)), 0);
  const extra = (entry.reply ? 24 : 0) + (entry.reactions.length > 0 ? 34 : 0) + (newDay ? 44 : 0);
  return lines * LINE_PX + (grouped ? GROUPED_PX : HEADED_PX) + extra;
}
