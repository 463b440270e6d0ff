// What is unread in one room: counted by the server for an account, so that it is the same on all
// devices, and gone on with here by what happens. Pure: each step gives the next state.

import type { Unread as Told } from "../protocol/papo.v1.ts";

/** What is unread in a room. */
export type Unread = {
  /** The last message that was read; 0: none yet. */
  read: number;
  /** Messages of others behind it. */
  messages: number;
  /** Those of them that call one. */
  calls: number;
  /** Up to here it was counted; what comes late from before is in it. */
  counted: number;
};

/** Nothing is known. */
export const NOTHING: Unread = { read: 0, messages: 0, calls: 0, counted: 0 };

/** A message of another, as far as it matters here. */
export type Other = { seq: number; isCall: boolean };

/** The server has counted, up to an event. What this browser has read further than the server
 *  knows stands, and is to be told. */
export function told(now: Unread, { read, messages, mentions }: Told, upto: number): Unread {
  return read < now.read ? now : { read, messages, calls: mentions, counted: upto };
}

/** Another has said something that nobody has seen here. */
export function came(now: Unread, { seq, isCall }: Other): Unread {
  if (seq <= now.counted || seq <= now.read) return now;
  return { ...now, messages: now.messages + 1, calls: now.calls + (isCall ? 1 : 0) };
}

/** It was read up to there, here or on another device; `left` is what others said behind that. */
export function readTo(now: Unread, seq: number, left: readonly Other[]): Unread {
  if (seq <= now.read) return now;
  const calls = left.filter(({ isCall }) => isCall).length;
  return { ...now, read: seq, messages: left.length, calls };
}

/** How a count is shown: no wider than the place for it. */
export function shown(count: number): string {
  return count > 99 ? "99+" : String(count);
}
