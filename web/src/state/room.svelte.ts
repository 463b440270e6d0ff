// One room one is in: its timeline, its people, what is unread, and what is being written.

import type { Message, No, PapoEvent, Place, Role } from "../protocol/papo.v1.ts";
import { fold, sameNick } from "../model/names.ts";
import { Timeline, type Entry, type Side } from "../model/timeline.ts";
import type { App } from "./app.svelte.ts";
import { store, stored } from "./storage.ts";

/** A sign of writing ends by itself after so long, in ms (docs/ws.md). */
const TYPING_MS = 10_000;
/** While one writes, it is said again after so long, in ms. */
const TYPING_AGAIN_MS = 5_000;
/** How long changes gather before how far one has read is told, in ms. */
const READ_MS = 1_000;
/** Lines about the room that are kept. */
const NOTICES_MAX = 50;

/** Messages of a page. */
export const PAGE = 100;

/** Something that happened to the room, shown behind the message before it. */
export type Notice = { key: number; after: number; event: PapoEvent };

/** See the head of this file. */
export class Room {
  readonly timeline: Timeline;
  name: string;
  topic = $state<string | null>(null);
  present = $state(0);
  capacity = $state(0);
  members = $state.raw<string[]>([]);
  /** Their roles, by folded nick; who came since is a guest until it is asked for again. */
  roles = $state.raw<ReadonlyMap<string, Role>>(new Map());
  membersMore = $state(0);
  /** Why one is not in it. */
  no = $state.raw<No | undefined>();
  /** Grows with each change of the timeline. */
  revision = $state(0);
  loading = $state.raw<Side | undefined>();
  failed = $state(false);
  unread = $state(0);
  called = $state(0);
  /** The last message that was read when the room was opened: the line is behind it. */
  line = $state(0);
  readTo = $state(0);
  typing = $state.raw<string[]>([]);
  notices = $state.raw<Notice[]>([]);
  draft = $state("");
  reply = $state.raw<Entry | undefined>();
  editing = $state.raw<Entry | undefined>();
  pins = $state.raw<Message[] | undefined>();
  /** Whether one sees its newest message just now. */
  seen = false;
  #typers = new Map<string, ReturnType<typeof setTimeout>>();
  #saidTyping = 0;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #keys = 0;

  constructor(
    private readonly app: App,
    name: string,
  ) {
    this.name = name;
    this.timeline = new Timeline(() => app.nick);
    this.draft = stored(`draft.${name}`, "");
    this.readTo = stored(`read.${name}`, 0);
  }

  /** One is in it. */
  entered(place: Place): void {
    this.name = place.room;
    this.topic = place.topic;
    this.present = place.present;
    this.capacity = place.capacity;
    this.no = undefined;
    void this.loadMembers();
    if (!this.timeline.hasEnd && this.timeline.entries.length === 0) void this.load("newest");
  }

  /** Loads a page. */
  async load(side: Side, around = 0): Promise<void> {
    if (this.loading) return;
    this.loading = side;
    this.failed = false;
    try {
      await this.#load(side, around);
    } catch {
      this.failed = true;
    } finally {
      this.loading = undefined;
    }
  }

  async #load(side: Side, around: number): Promise<void> {
    const { timeline, name: room } = this;
    const ask = (where: { before?: number; after?: number }) => {
      timeline.asked();
      return this.app.session.ask<"history">({ do: "history", room, limit: PAGE, ...where });
    };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const first = timeline.entries[0]?.seq;
      const last = timeline.entries.at(-1)?.seq;
      let page;
      if (side === "older" && first !== undefined) page = await ask({ before: first });
      else if (side === "newer" && last !== undefined) page = await ask({ after: last });
      else if (side === "around") {
        const before = await ask({ before: around });
        const after = await ask({ after: around - 1 });
        page = { messages: [...before.messages, ...after.messages], more: true };
        if (timeline.take("around", page.messages, true)) {
          timeline.hasStart = !before.more;
          if (!after.more) timeline.take("newer", [], false);
          break;
        }
        continue;
      } else page = await ask({});
      if (timeline.take(side, page.messages, page.more)) break;
    }
    if (side === "newest") this.#countUnread();
    this.revision += 1;
  }

  /** After a reload: what was said since one read last. */
  #countUnread(): void {
    if (this.readTo === 0) return this.#setRead(this.timeline.newest, false);
    const fresh = this.timeline.entries.filter(
      ({ seq, by }) => seq > this.readTo && !this.#isMe(by.nick),
    );
    if (this.seen || fresh.length === 0) return;
    this.unread = fresh.length;
    this.called = fresh.filter((entry) => this.app.isCall(entry)).length;
    this.line = this.readTo;
  }

  #isMe(nick: string): boolean {
    return this.app.nick !== undefined && sameNick(this.app.nick, nick);
  }

  /** Asks who is in it. */
  async loadMembers(): Promise<void> {
    try {
      const answer = await this.app.session.ask<"members">({ do: "members", room: this.name });
      this.members = answer.members.map(({ nick }) => nick);
      this.roles = new Map(answer.members.map(({ nick, role }) => [fold(nick), role]));
      this.membersMore = answer.more;
    } catch {
      // It is asked again when the panel opens.
    }
  }

  async loadPins(): Promise<void> {
    this.pins = (await this.app.session.ask<"pins">({ do: "pins", room: this.name })).messages;
  }

  /** Something happened in it. */
  event(event: PapoEvent): void {
    const said = this.timeline.event(event);
    if (said) this.#said(said);
    this.revision += 1;
    switch (event.ev) {
      case "topic":
        this.topic = event.topic;
        return this.#notice(event);
      case "created":
        return this.#notice(event);
      case "moderated":
        if (event.measure === "role") void this.loadMembers();
        if (event.measure === "capacity" && event.capacity) this.capacity = event.capacity;
        return this.#notice(event);
      case "pinned":
        if (this.pins) void this.loadPins().catch(() => undefined);
        return this.#notice(event);
      case "entered":
        this.present = event.present;
        if (!this.members.some((other) => sameNick(other, event.by.nick)))
          this.members = [...this.members, event.by.nick];
        return;
      case "left":
        this.present = event.present;
        this.members = this.members.filter((other) => !sameNick(other, event.by.nick));
        return this.#typed(event.by.nick, false);
      case "renamed":
        this.members = this.members.map((other) =>
          sameNick(other, event.by.nick) ? event.nick : other,
        );
        return;
      case "count":
        this.present = event.present;
        return;
      case "typing":
        return this.#typed(event.by.nick, event.on);
      case "read":
        this.#setRead(event.seq, false);
        if (event.seq >= this.timeline.newest) this.unread = this.called = 0;
        return;
      case "missed":
      case "said":
      case "edited":
      case "deleted":
      case "erased":
      case "reacted":
      case "message":
      case "put-out":
      case "called":
      case "logged-out":
      case "bye":
    }
  }

  #said(said: Entry): void {
    this.#typed(said.by.nick, false);
    const isMe = this.#isMe(said.by.nick);
    if (isMe) this.app.mine(this, said);
    if (isMe && this.seen) return this.readAll();
    if (isMe) return;
    const isCall = this.app.isCall(said);
    if (this.seen && document.visibilityState === "visible" && document.hasFocus()) {
      this.readAll();
    } else {
      if (this.unread === 0) this.line = this.readTo;
      this.unread += 1;
      if (isCall) this.called += 1;
    }
    this.app.heard(this, said, isCall);
  }

  /** The newest message is in sight: all is read. */
  readAll(): void {
    if (this.unread > 0) this.unread = 0;
    if (this.called > 0) this.called = 0;
    if (this.timeline.newest > this.readTo) this.#setRead(this.timeline.newest, true);
  }

  #setRead(seq: number, tell: boolean): void {
    if (seq <= this.readTo) return;
    this.readTo = seq;
    store(`read.${this.name}`, seq);
    if (!tell) return;
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => {
      this.app.quietly({ do: "read", room: this.name, seq: this.readTo });
    }, READ_MS);
  }

  #notice(event: PapoEvent): void {
    this.#keys += 1;
    const notice = { key: this.#keys, after: this.timeline.newest, event };
    this.notices = [...this.notices, notice].slice(-NOTICES_MAX);
  }

  #typed(nick: string, on: boolean): void {
    clearTimeout(this.#typers.get(nick));
    this.#typers.delete(nick);
    if (on && !this.#isMe(nick)) {
      this.#typers.set(nick, setTimeout(() => this.#typed(nick, false), TYPING_MS));
    }
    if (this.typing.length > 0 || this.#typers.size > 0) this.typing = [...this.#typers.keys()];
  }

  /** Keeps what is being written, and tells the others that it is. */
  write(text: string, tell: boolean): void {
    this.draft = text;
    if (!this.editing) store(`draft.${this.name}`, text);
    if (!tell) return;
    const at = Date.now();
    const on = text.trim() !== "" && !text.startsWith("/");
    if (on ? at - this.#saidTyping < TYPING_AGAIN_MS : this.#saidTyping === 0) return;
    this.#saidTyping = on ? at : 0;
    this.app.quietly({ do: "typing", room: this.name, ...(on ? {} : { on }) });
  }

  /** It was sent: nothing is being written any more. */
  sent(): void {
    this.#saidTyping = 0;
    this.write("", false);
    this.reply = undefined;
    this.line = 0;
  }
}
