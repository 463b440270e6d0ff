// What was said in one room, as far as it is known here: one unbroken stretch of messages, which
// grows at both ends, and on which events fall. No framework: the page watches `revision`.

import type { By, Markup, Message, PapoEvent, Reaction, Reply } from "../protocol/papo.v1.ts";
import { sameNick } from "./names.ts";

/** A message as it is shown. */
export type Entry = {
  seq: number;
  at: number;
  by: By;
  /** `null`: it was deleted. */
  text: string | null;
  markup?: Markup;
  reply?: Reply;
  edited: boolean;
  pinned: boolean;
  reactions: Reaction[];
  /** The emoji one gave oneself. */
  mine: string[];
};

/** Where a page goes. */
export type Side = "newest" | "older" | "newer" | "around";

/** How the list changed, for those who keep something for each row. */
export type Change =
  | { what: "reset" }
  | { what: "insert"; at: number; count: number }
  | { what: "remove"; at: number; count: number }
  | { what: "touch"; at: number };

/** Messages that are kept at most; the far end is let go of, and loaded again when it is wanted. */
export const MESSAGES_MAX = 200_000;

/** The stretch of one room. */
export class Timeline {
  entries: Entry[] = [];
  /** Whether the room's first message is in it. */
  hasStart = false;
  /** Whether its newest one is: then what is said comes behind it. */
  hasEnd = false;
  /** The number of the newest message of the room that was heard of, in it or not. */
  newest = 0;
  /** What was said while the end was not in it, by number. */
  #ahead = new Map<number, Entry>();
  /** Messages that events fell on while a page was under way: the page may be older or newer. */
  #fallen = new Set<number>();
  #watch: (change: Change) => void = () => undefined;

  constructor(private readonly me: () => string | undefined) {}

  /** Has every change told. */
  watch(told: (change: Change) => void): void {
    this.#watch = told;
  }

  /** Forgets everything. */
  reset(): void {
    this.entries = [];
    this.hasStart = this.hasEnd = false;
    this.#ahead.clear();
    this.#watch({ what: "reset" });
  }

  /** What lay before `seq` is not kept any more. */
  missed(begins: number): void {
    const count = this.position(begins);
    this.entries.splice(0, count);
    if (count > 0) this.#watch({ what: "remove", at: 0, count });
  }

  /** A page is asked for. */
  asked(): void {
    this.#fallen.clear();
  }

  /** Takes a page. False: it must be asked for again, because it may count something twice. */
  take(side: Side, messages: Message[], more: boolean): boolean {
    if (messages.some(({ seq }) => this.#fallen.has(seq))) return false;
    const page = messages.map(entry);
    switch (side) {
      case "around":
      case "newest":
        this.entries = page;
        this.hasStart = side === "newest" && !more;
        this.hasEnd = side === "newest";
        this.#watch({ what: "reset" });
        break;
      case "older": {
        const fresh = page.filter(({ seq }) => seq < (this.entries[0]?.seq ?? Infinity));
        this.entries = [...fresh, ...this.entries];
        this.hasStart = !more;
        this.#watch({ what: "insert", at: 0, count: fresh.length });
        break;
      }
      case "newer":
        this.#append(page);
        this.hasEnd = !more;
    }
    this.newest = Math.max(this.newest, this.entries.at(-1)?.seq ?? 0);
    if (this.hasEnd) {
      this.#append([...this.#ahead.values()].sort((one, other) => one.seq - other.seq));
      this.#ahead.clear();
    }
    return true;
  }

  /** Lets an event fall on it. Returns a message that was said just now. */
  event(event: PapoEvent): Entry | undefined {
    switch (event.ev) {
      case "said": {
        const said = entry({ ...event, edited: false, pinned: false, reactions: [] });
        this.newest = Math.max(this.newest, said.seq);
        if (this.hasEnd) return this.#append([said]) > 0 ? said : undefined;
        this.#ahead.set(said.seq, said);
        return said;
      }
      case "edited":
        this.#touch(event.target, (old) => {
          const { text, markup } = event;
          return { ...old, text, markup, edited: true };
        });
        this.#requote(event.target, event.text);
        return undefined;
      case "deleted":
        this.#touch(event.target, (old) => {
          return { ...old, text: null, markup: undefined, pinned: false, reactions: [], mine: [] };
        });
        this.#requote(event.target, undefined);
        return undefined;
      case "reacted":
        this.#touch(event.target, (old) => reacted(old, event.emoji, event.on, this.#isMe(event.by)));
        return undefined;
      case "pinned":
        this.#touch(event.target, (old) => ({ ...old, pinned: event.on }));
        return undefined;
      case "missed":
        this.missed(event.begins);
        return undefined;
      case "created":
      case "erased":
      case "moderated":
      case "topic":
      case "entered":
      case "left":
      case "renamed":
      case "count":
      case "typing":
      case "read":
      case "message":
      case "direct":
      case "put-out":
      case "called":
      case "logged-out":
      case "bye":
        return undefined;
    }
  }

  /** Where the message is, or where it would be. */
  position(seq: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The message, if it is in the stretch. */
  find(seq: number): Entry | undefined {
    const found = this.entries[this.position(seq)];
    return found?.seq === seq ? found : undefined;
  }

  #isMe(by: By): boolean {
    const me = this.me();
    return me !== undefined && sameNick(me, by.nick);
  }

  #append(page: Entry[]): number {
    const last = this.entries.at(-1)?.seq ?? -1;
    const fresh = page.filter(({ seq }) => seq > last);
    if (fresh.length === 0) return 0;
    const at = this.entries.length;
    this.entries.push(...fresh);
    this.#watch({ what: "insert", at, count: fresh.length });
    const over = this.entries.length - MESSAGES_MAX;
    if (over > 0) {
      this.entries.splice(0, over);
      this.hasStart = false;
      this.#watch({ what: "remove", at: 0, count: over });
    }
    return fresh.length;
  }

  #touch(seq: number, change: (old: Entry) => Entry): void {
    this.#fallen.add(seq);
    const ahead = this.#ahead.get(seq);
    if (ahead) this.#ahead.set(seq, change(ahead));
    const at = this.position(seq);
    const old = this.entries[at];
    if (old?.seq !== seq) return;
    this.entries[at] = change(old);
    this.#watch({ what: "touch", at });
  }

  /** Answers quote what they answer: they follow it. */
  #requote(seq: number, text: string | undefined): void {
    this.entries.forEach((old, at) => {
      if (old.reply?.to !== seq) return;
      const nick = old.reply.quote?.nick ?? "";
      const quote = text === undefined ? undefined : { nick, text: begins(text) };
      this.entries[at] = { ...old, reply: { to: seq, quote } };
      this.#watch({ what: "touch", at });
    });
  }
}

/** Characters of a quote (docs/ws.md). */
const QUOTE_CHARS = 40;

function begins(text: string): string {
  const all = [...text];
  return all.length <= QUOTE_CHARS ? text : `${all.slice(0, QUOTE_CHARS).join("")}...`;
}

function entry(message: Message): Entry {
  const { seq, at, by, text, markup, reply, edited, pinned, reactions } = message;
  const mine = reactions.filter((given) => given.mine).map(({ emoji }) => emoji);
  return { seq, at, by, text, markup, reply, edited, pinned, reactions, mine };
}

function reacted(old: Entry, emoji: string, on: boolean, isMe: boolean): Entry {
  const count = (old.reactions.find((other) => other.emoji === emoji)?.count ?? 0) + (on ? 1 : -1);
  const known = old.reactions.some((other) => other.emoji === emoji);
  const reactions = known
    ? old.reactions.map((other) => (other.emoji === emoji ? { emoji, count } : other))
    : [...old.reactions, { emoji, count }];
  const others = old.mine.filter((other) => other !== emoji);
  return {
    ...old,
    reactions: reactions.filter((other) => other.count > 0),
    mine: isMe ? (on ? [...others, emoji] : others) : old.mine,
  };
}
