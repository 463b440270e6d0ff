// The whole page's state: the session, who we are, the rooms, and what is told outside of them.

import { SvelteMap } from "svelte/reactivity";
import { fold, sameNick } from "../model/names.ts";
import { plain } from "../model/plain.ts";
import type { Entry } from "../model/timeline.ts";
import type { Post } from "../protocol/outbox.ts";
import type {
  Asked,
  Direct as ListedDirect,
  Listed,
  No,
  PapoEvent,
  Place,
  UnreadRoom,
  Visibility,
} from "../protocol/papo.v1.ts";
import { endLogin, keepLogin } from "../protocol/login.ts";
import { Lost, Refused, Session, type World } from "../protocol/session.ts";
import type { Phase } from "../protocol/socket.ts";
import { chime, notify } from "./attention.ts";
import { Directs } from "./directs.svelte.ts";
import { language, t } from "./messages.svelte.ts";
import { Room } from "./room.svelte.ts";
import { go, route } from "./router.svelte.ts";
import { settings } from "./settings.svelte.ts";
import { store, stored } from "./storage.ts";
import { takeOver, whenAsked } from "./tabs.ts";

/** Another tab has so long, in ms, to let go of the name. */
const YIELD_MS = 400;
/** How long a passing line stays, in ms. */
const TOAST_MS = 5_000;

/** A passing line. */
export type Toast = { key: number; text: string; kind: "plain" | "wrong" };

/** See the head of this file. */
export class App {
  readonly session: Session;
  phase = $state.raw<Phase>({ at: "stopped" });
  /** It was live once: from then on a loss is worth a word. */
  wasLive = $state(false);
  nick = $state<string | undefined>(stored<string | undefined>("nick", undefined));
  account = $state<string | undefined>();
  number = $state<number | undefined>();
  list = $state.raw<Listed[] | undefined>();
  listMore = $state(0);
  rooms = new SvelteMap<string, Room>();
  readonly directs = new Directs(this);
  /** What is unread in rooms that one is not in here, by their folded names. */
  elsewhere = new SvelteMap<string, number>();
  posts = $state.raw<readonly Post[]>([]);
  toasts = $state.raw<Toast[]>([]);
  /** What a screen reader says. */
  spoken = $state.raw<{ key: number; text: string }[]>([]);
  /** Rooms that this browser was in when it was closed, not entered again yet. */
  #left: string[] = stored<string[]>("rooms", []);
  /** The guest links by which one came into rooms, by the room: to come back by them. */
  #links: Record<string, string> = stored<Record<string, string>>("links", {});
  #keys = 0;

  constructor(world: World) {
    const identity = { lang: language(), nick: this.nick, token: stored("token", undefined), client: device() };
    this.session = new Session(
      world,
      {
        phase: (phase) => this.#phased(phase),
        event: (event) => this.#event(event),
        resumed: (room, result) => this.#resumed(room, result),
        posts: (posts) => this.#posted(posts),
        kept: (post, seq) => this.#keptPost(post, seq),
        greeted: (result) => this.#greeted(result),
      },
      identity,
      stored<Post[]>("outbox", []),
    );
    this.posts = this.session.outbox.posts;
    // What one was in is shown at once; it is entered when there is a connection.
    if (this.nick) for (const name of this.#left) this.rooms.set(fold(name), new Room(this, name));
    whenAsked((nick) => {
      if (this.account || this.session.rooms.size === 0 || !sameNick(nick, this.nick ?? "")) return;
      this.session.stop();
      this.moved = true;
    });
  }

  /** Another tab went on with our name. */
  moved = $state(false);

  /** The name is somebody else's: back to the entrance, to choose another one. */
  startAnew(): void {
    this.taken = false;
    this.#left = [];
    for (const [key, room] of this.rooms) if (!this.session.rooms.has(room.name)) this.rooms.delete(key);
    this.#keepRooms();
    go({});
  }

  /** Goes on in this tab: the others let go of the name. */
  goOnHere(): void {
    if (this.nick) takeOver(this.nick);
    const again = this.moved;
    this.moved = this.taken = false;
    setTimeout(() => {
      if (again) this.session.start();
      else void this.#comeBack().then(() => this.refresh());
    }, YIELD_MS);
  }

  /** The room of the address, if one is in it. */
  get room(): Room | undefined {
    const { room, direct } = route();
    if (room !== undefined) return this.rooms.get(fold(room));
    return direct === undefined ? undefined : this.directs.room(direct);
  }

  get live(): boolean {
    return this.phase.at === "live";
  }

  #phased(phase: Phase): void {
    this.phase = phase;
    if (phase.at === "live") this.wasLive = true;
  }

  #greeted(result: { account?: string; number?: number; no?: No }): void {
    this.account = result.account;
    this.number = result.number;
    const { token } = this.session.identity;
    if (result.account) {
      this.#called(result.account);
      if (token) void this.#keep(token);
    } else if (result.no) {
      if (result.no.code === "log-in-failed") void this.#forget();
      this.toast(result.no.message, "wrong");
    }
    if (this.account) void this.#learn();
    else this.directs.forget();
    void this.#comeBack();
    for (const room of this.rooms.values()) {
      if (room.failed || room.timeline.entries.length === 0) void room.load("newest");
    }
  }

  /** Asks what an account has: its rooms of two, and what is unread. */
  async #learn(): Promise<void> {
    try {
      const { direct, unread } = await this.session.ask<"me">({ do: "me" });
      this.#told(direct, unread);
    } catch {
      // The connection broke: it is asked again after the next greeting.
    }
  }

  #told(direct?: ListedDirect[], unread: UnreadRoom[] = []): void {
    this.directs.told(direct, unread);
    this.elsewhere.clear();
    for (const { room, unread: count } of unread) {
      if (!this.rooms.has(fold(room)) && count.messages > 0) this.elsewhere.set(fold(room), count.messages);
    }
  }

  /** Enters the rooms of an earlier page again. */
  async #comeBack(): Promise<void> {
    const rooms = this.#left;
    this.#left = [];
    if (!this.nick) return;
    for (const room of rooms) {
      try {
        await this.#enter(room, this.nick);
      } catch (why) {
        if (why instanceof Lost) this.#left.push(room);
        else if (why instanceof Refused && why.no.code === "nick-taken") {
          this.taken = true;
          this.#left = rooms;
          return;
        } else this.#denied(room, why);
      }
    }
  }

  /** What the search panel looks for when it opens. */
  words = $state("");
  /** The nick is in use, perhaps by another tab of this browser. */
  taken = $state(false);

  #denied(name: string, why: unknown): void {
    const room = this.rooms.get(fold(name));
    if (!room || !(why instanceof Refused)) return;
    room.no = why.no;
    this.#keepRooms();
  }

  #resumed(name: string, result: { ok: Place } | { no: No }): void {
    const room = this.rooms.get(fold(name));
    if (!room) return;
    if ("ok" in result) {
      room.topic = result.ok.topic;
      room.present = result.ok.present;
      room.capacity = result.ok.capacity;
      room.no = undefined;
      room.told(result.ok.unread, result.ok.seq);
      queueMicrotask(() => void room.loadMembers());
    } else if (result.no.code === "no-room" && this.#links[fold(name)] !== undefined) {
      // Not yet: nothing but the greeting is asked before the connection is live.
      if (!this.#left.includes(room.name)) this.#left.push(room.name);
    } else if (result.no.code !== "nick-taken") {
      room.no = result.no;
    }
  }

  #posted(posts: readonly Post[]): void {
    this.posts = posts;
    store("outbox", posts.length > 0 ? posts : undefined);
  }

  /** Own posts that came back as events before their answer: shown once. */
  #seen = new Set<string>();

  /** A message of one's own came by: the first post of that room is it, if it has its text. */
  mine(room: Room, said: Entry): void {
    const post = this.posts.find(
      (other) =>
        other.state === "sent" && other.room === room.name && !this.#seen.has(other.key),
    );
    if (post && post.text.trim() === said.text?.trim()) {
      this.#seen.add(post.key);
      this.posts = [...this.posts];
    }
  }

  /** Posts of a room that are not in its timeline yet. */
  pending(room: Room): Post[] {
    return this.posts.filter((post) => post.room === room.name && !this.#seen.has(post.key));
  }

  #keptPost(post: Post, _seq: number): void {
    this.#seen.delete(post.key);
  }

  #event(event: PapoEvent): void {
    if (event.ev === "message") return this.directs.heard(event);
    if (event.ev === "direct") return void this.directs.said(event);
    if (event.ev === "bye") return;
    if (event.ev === "called") return this.#called(event.nick);
    if (event.ev === "logged-out") return this.#loggedOut();
    if (event.ev === "put-out") return this.#putOut(event.room, event.measure, event.by.nick, event.reason);
    const room = this.rooms.get(fold(event.room));
    room?.event(event);
    // Read on another device, where one is not here: what is left is counted anew.
    if (!room && event.ev === "read") return void this.#learn();
    if (event.ev === "renamed" && this.nick && sameNick(event.by.nick, this.nick)) {
      this.#called(event.nick);
    }
  }

  /** The token was ended elsewhere: one is a guest again, and enters the rooms as one. */
  #loggedOut(): void {
    this.account = this.number = undefined;
    this.session.stop();
    void this.#forget().then(() => this.session.start());
  }

  /** Lets the server keep the token where no script reads it; until then it stays in this page. */
  async #keep(token: string): Promise<void> {
    if (!(await keepLogin(token))) return;
    this.session.identity.token = undefined;
    // Earlier versions kept it here.
    store("token", undefined);
  }

  /** The login is over. */
  async #forget(): Promise<void> {
    this.session.identity.token = undefined;
    store("token", undefined);
    await endLogin();
  }

  #putOut(name: string, measure: string, nick: string, reason?: string): void {
    const room = this.rooms.get(fold(name));
    if (!room) return;
    this.session.unfollow(room.name);
    const message = t(`put-out-${measure}`, { nick, reason: reason ?? "" });
    room.no = { code: measure === "banned" ? "banned" : "not-in-room", message, reason };
    this.#keepRooms();
  }

  #called(nick: string): void {
    this.nick = nick;
    this.session.identity.nick = nick;
    store("nick", nick);
  }

  /** Asks for the list of rooms anew. */
  async refresh(): Promise<void> {
    try {
      const answer = await this.session.ask<"rooms">({ do: "rooms" });
      if (this.account) this.#told(answer.direct, answer.unread);
      this.list = answer.rooms;
      this.listMore = answer.more;
    } catch {
      // It is asked again soon.
    }
  }

  /** Enters a room and shows it. Fails with `Refused` or `Lost`. */
  async enter(name: string, nick?: string, seq?: number): Promise<void> {
    const known = this.rooms.get(fold(name));
    const isIn = known && !known.no && this.session.rooms.has(known.name);
    if (!isIn) await this.#enter(name, nick);
    const room = this.rooms.get(fold(name));
    if (room) go(room.place(seq), sameNick(route().room ?? "", room.name));
  }

  async #enter(name: string, nick?: string): Promise<void> {
    try {
      this.entered(await this.#askIn(name, nick));
    } catch (why) {
      // Our own name: most likely this browser has another tab with it.
      const own = sameNick(nick ?? this.nick ?? "", stored("nick", ""));
      if (why instanceof Refused && why.no.code === "nick-taken" && own) this.taken = true;
      throw why;
    }
  }

  /** Asks to be let in; by the guest link of that room, where it is not open otherwise. */
  async #askIn(name: string, nick?: string): Promise<Place> {
    const asNick = this.#asNick(nick);
    try {
      return await this.session.ask<"enter">({ do: "enter", room: name, ...asNick });
    } catch (why) {
      const link = this.#links[fold(name)];
      if (link === undefined || !(why instanceof Refused) || why.no.code !== "no-room") throw why;
      return await this.session.ask<"enter">({ do: "enter", link, ...asNick });
    }
  }

  /** Enters the room of a guest link and shows it. Fails with `Refused` or `Lost`. */
  async enterBy(link: string, nick?: string): Promise<void> {
    const place = await this.session.ask<"enter">({ do: "enter", link, ...this.#asNick(nick) });
    this.#links = { ...this.#links, [fold(place.room)]: link };
    store("links", this.#links);
    this.entered(place);
    // The link does not stay in the address, nor does going back lead to it.
    go({ room: place.room }, true);
  }

  /** Makes a room, enters and shows it. */
  async create(name: string, capacity: number, visibility: Visibility, nick?: string): Promise<void> {
    const place = await this.session.ask<"create">({
      do: "create",
      room: name,
      capacity,
      visibility,
      ...this.#asNick(nick),
    });
    this.entered(place);
    go({ room: place.room });
  }

  /** The nick goes along only where it says something new: given again, it would rename. */
  #asNick(nick: string | undefined): { nick?: string } {
    const wanted = nick ?? (this.session.rooms.size === 0 ? this.nick : undefined);
    return wanted && !this.account ? { nick: wanted } : {};
  }

  /** One is in a room. `after`: what comes next is behind that, not behind the room's last event. */
  entered(place: Place, after = place.seq): void {
    this.#called(place.nick);
    this.taken = false;
    const key = fold(place.room);
    let room = this.rooms.get(key);
    if (!room) this.rooms.set(key, (room = new Room(this, place.room)));
    else if (!this.session.rooms.has(place.room)) room.timeline.reset();
    this.session.follow(place.room, after);
    this.elsewhere.delete(key);
    room.entered(place);
    if (place.direct !== undefined) this.directs.entered(place.direct, room);
    this.#keepRooms();
  }

  #keepRooms(): void {
    const kept = [...this.rooms.values()].filter((room) => !room.no && room.direct === undefined);
    const names = kept.map((room) => room.name);
    store("rooms", names);
  }

  /** It is no room of ours any more. */
  drop(name: string): void {
    this.session.unfollow(name);
    this.rooms.delete(fold(name));
  }

  /** Leaves a room. */
  async leave(room: Room): Promise<void> {
    const isShown = this.room === room;
    this.drop(room.name);
    const { [fold(room.name)]: _link, ...links } = this.#links;
    this.#links = links;
    store("links", links);
    this.#keepRooms();
    if (isShown) go({});
    if (!room.no) this.quietly({ do: "leave", room: room.name });
    await this.refresh();
  }

  /** Says something in a room, now or when that is possible. */
  say(room: Room, text: string): boolean {
    const reply = room.reply?.seq;
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return this.session.post({ key, room: room.name, text, reply, at: Date.now() });
  }

  /** The server speaks this language to us, too. */
  speak(language: string): void {
    this.session.identity.lang = language;
    this.quietly({ do: "hello", lang: language });
  }

  /** Asks for something whose answer matters to nobody. */
  quietly(asked: Asked): void {
    this.session.ask(asked as Extract<Asked, { do: "read" }>).catch(() => undefined);
  }

  /** Asks for something; a refusal is shown. True if it was done. */
  async attempt(asked: Asked): Promise<boolean> {
    try {
      await this.session.ask(asked as Extract<Asked, { do: "read" }>);
      return true;
    } catch (why) {
      this.wrong(why);
      return false;
    }
  }

  /** Shows why something was not done. */
  wrong(why: unknown): void {
    this.toast(why instanceof Refused ? why.no.message : t("not-connected"), "wrong");
  }

  /** Shows a passing line. */
  toast(text: string, kind: Toast["kind"] = "plain"): void {
    this.#keys += 1;
    const toast = { key: this.#keys, text, kind };
    this.toasts = [...this.toasts.slice(-2), toast];
    setTimeout(() => {
      this.toasts = this.toasts.filter((other) => other !== toast);
    }, TOAST_MS);
  }

  /** Whether a message calls us: by our nick, or by answering us. */
  isCall(said: Entry): boolean {
    const { nick } = this;
    if (!nick) return false;
    if (said.reply?.quote && sameNick(said.reply.quote.nick, nick)) return true;
    return said.text !== null && mentions(said.text, nick);
  }

  /** Somebody else said something. */
  heard(room: Room, said: Entry, isCall: boolean): void {
    if (this.room === room) {
      this.sayAloud(t("spoken-message", { nick: said.by.nick, text: plain(said) }));
    }
    if (!isCall && room.direct === undefined) return;
    if (room.seen && document.hasFocus()) return;
    const { nick } = said.by;
    const title = room.direct === undefined ? t("notice-title", { nick, room: room.name }) : nick;
    this.attract(title, plain(said), room.address().slice(1));
  }

  /** Calls one who looks elsewhere; `tag` is the address that it leads to, without its slash. */
  attract(title: string, body: string, tag: string): void {
    if (settings().sound) chime();
    if (settings().notices && !document.hasFocus()) notify(title, body, tag);
  }

  /** Lets a screen reader say it, politely. */
  sayAloud(text: string): void {
    this.#keys += 1;
    this.spoken = [...this.spoken.slice(-9), { key: this.#keys, text }];
  }

  /** Logs in, or makes an account. */
  async logIn(account: string, password: string, isNew: boolean): Promise<void> {
    const ok = isNew
      ? await this.session.ask<"register">({ do: "register", account, password })
      : await this.session.ask<"log-in">({ do: "log-in", account, password });
    this.account = ok.account;
    this.number = ok.number;
    this.session.identity.token = ok.token;
    this.#called(ok.account);
    if (ok.token) await this.#keep(ok.token);
    void this.#learn();
  }

  /** Logs out; the rooms are left, since they were entered as who one was, and the entrance is shown. */
  async logOut(): Promise<void> {
    await this.session.ask<"log-out">({ do: "log-out" });
    this.account = this.number = undefined;
    await this.#forget();
    this.directs.forget();
    this.elsewhere.clear();
    for (const room of [...this.rooms.values()]) this.drop(room.name);
    this.#keepRooms();
    go({}, true);
  }
}

/** This browser, so that one knows it again among one's others. */
function device(): string {
  const { userAgent } = navigator;
  const find = (names: readonly string[]) => names.find((name) => userAgent.includes(name));
  // In this order: most browsers say that they are some of the others, too.
  const browser = find(["Firefox", "Edg", "OPR", "Chrome", "Safari"]);
  const system = find(["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
  return ["papo-web", browser === "Edg" ? "Edge" : browser === "OPR" ? "Opera" : browser, system].filter(Boolean).join(" ");
}

/** Whether the text has `@nick` in it, as a word. */
function mentions(text: string, nick: string): boolean {
  // Most texts call nobody: those are not folded. The other two are `@` to the folding.
  if (!/[@＠﹫]/.test(text)) return false;
  const folded = fold(text);
  const wanted = `@${fold(nick)}`;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const next = folded.slice(at + wanted.length);
    if (!/^[\p{L}\p{N}\p{M}_-]/u.test(next)) return true;
  }
  return false;
}
