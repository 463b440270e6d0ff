// One room one is in: its timeline, its people, what is unread, and what is being written.

import type { Message, No, PapoEvent, Place, Role, Unread as Told } from "../protocol/papo.v1.ts";
import { fold, sameNick } from "../model/names.ts";
import { format, type Route } from "../model/route.ts";
import { Timeline, type Entry, type Side } from "../model/timeline.ts";
import { came, NOTHING, readTo, told, type Unread } from "../model/unread.ts";
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

/** What may be done to someone in a room. */
export type PenaltyKind = "kick" | "mute" | "ban" | "purge";

/** See the head of this file. */
export class Room {
  readonly timeline: Timeline;
  name: string;
  /** With whom one shares it, if it is a room of two. */
  direct = $state<string | undefined>();
  topic = $state<string | null>(null);
  present = $state(0);
  capacity = $state(0);
  members = $state.raw<string[]>([]);
  /** Their roles, by folded nick; who came since is a guest until it is asked for again. */
  roles = $state.raw<ReadonlyMap<string, Role>>(new Map());
  membersMore = $state(0);
  /** Whether one keeps order in it, */
  keeps = $state(false);
  /** and whether one may set all of it. */
  owns = $state(false);
  /** What is asked about someone before it is done. */
  penalty = $state.raw<{ kind: PenaltyKind; nick: string } | undefined>();
  /** The message whose earlier texts are looked at. */
  versions = $state.raw<Entry | undefined>();
  /** Why one is not in it. */
  no = $state.raw<No | undefined>();
  /** Grows with each change of the timeline. */
  revision = $state(0);
  loading = $state.raw<Side | undefined>();
  failed = $state(false);
  #unread = $state.raw<Unread>(NOTHING);
  /** The last message that was read when the room was opened: the line is behind it. */
  line = $state(0);
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
  /** What is to be shown once there is a timeline. */
  #early: PapoEvent[] = [];

  constructor(
    private readonly app: App,
    name: string,
  ) {
    this.name = name;
    this.timeline = new Timeline(() => app.nick);
    this.draft = stored(`draft.${name}`, "");
    this.#unread = { ...NOTHING, read: stored(`read.${name}`, 0) };
  }

  /** Messages of others that one has not read. */
  get unread(): number {
    return this.#unread.messages;
  }

  /** Those of them that call one: in a room of two all of them. */
  get called(): number {
    return this.direct === undefined ? this.#unread.calls : this.#unread.messages;
  }

  /** The last message that was read. */
  get readTo(): number {
    return this.#unread.read;
  }

  /** What it is called for people. */
  get title(): string {
    return this.direct ?? this.name;
  }

  /** Where it is, or one of its messages. */
  place(seq?: number): Route {
    return this.direct === undefined ? { room: this.name, seq } : { direct: this.direct, seq };
  }

  /** The same as an address. */
  address(seq?: number): string {
    return format(this.place(seq));
  }

  /** One is in it. */
  entered(place: Place): void {
    this.name = place.room;
    this.topic = place.topic;
    this.present = place.present;
    this.capacity = place.capacity;
    this.direct = place.direct;
    // A room of that name that was made anew: what was read was another one's.
    if (place.seq < this.readTo) this.#unread = NOTHING;
    this.no = undefined;
    this.told(place.unread, place.seq);
    void this.loadMembers();
    if (!this.timeline.hasEnd && this.timeline.entries.length === 0) void this.load("newest");
  }

  /** The server has counted what is unread, up to an event. */
  told(unread: Told | undefined, upto: number): void {
    if (!unread) return;
    const before = this.#unread;
    this.#unread = told(before, unread, upto);
    if (this.#unread === before) this.#tellRead();
    else if (this.unread > 0) this.line = this.readTo;
    if (this.seen) this.readAll();
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
    for (const event of this.#early.splice(0)) this.#notice(event);
    this.revision += 1;
  }

  /** After a reload, where the server does not count: what was said since one read last. */
  #countUnread(): void {
    if (this.#unread.counted > 0) return;
    if (this.readTo === 0) return this.#setRead(this.timeline.newest, this.app.account !== undefined);
    for (const other of this.#others(this.readTo)) this.#unread = came(this.#unread, other);
    if (this.unread > 0) this.line = this.readTo;
  }

  /** What others said behind a message, as far as it is known here. */
  #others(after: number): { seq: number; isCall: boolean }[] {
    const { entries } = this.timeline;
    const later = entries.slice(this.timeline.position(after + 1));
    const others = later.filter(({ by, text }) => text !== null && !this.#isMe(by.nick));
    return others.map((entry) => ({ seq: entry.seq, isCall: this.app.isCall(entry) }));
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
      const me = answer.members.find(({ nick }) => this.#isMe(nick));
      this.owns = me?.role === "owner" || me?.admin === true;
      this.keeps = this.owns || me?.role === "moderator";
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
        return this.#setRead(event.seq, false);
      case "missed":
      case "said":
      case "edited":
      case "deleted":
      case "erased":
      case "reacted":
      case "message":
      case "direct":
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
      this.#unread = came(this.#unread, { seq: said.seq, isCall });
    }
    this.app.heard(this, said, isCall);
  }

  /** The newest message is in sight: all is read. */
  readAll(): void {
    if (this.timeline.newest > this.readTo) this.#setRead(this.timeline.newest, true);
  }

  /** Somebody in a room of two passed a word instead of saying it. */
  whispered(event: PapoEvent): void {
    if (this.timeline.entries.length > 0) this.#notice(event);
    else this.#early.push(event);
  }

  #setRead(seq: number, tell: boolean): void {
    if (seq <= this.readTo) return;
    const left = seq >= this.timeline.newest ? [] : this.#others(seq);
    this.#unread = readTo(this.#unread, seq, left);
    store(`read.${this.name}`, seq);
    if (tell) this.#tellRead();
  }

  #tellRead(): void {
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
