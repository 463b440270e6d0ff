// One conversation with the server, over as many sockets as it takes: opens them, says who we are
// and where we were, pairs answers with requests, and keeps the posts until they are kept there.

import { Outbox, type Post } from "./outbox.ts";
import {
  LIMITS,
  PROTOCOL,
  type Answers,
  type Asked,
  type No,
  type PapoEvent,
  type PapoMessage,
  type Place,
} from "./papo.v1.ts";
import { next, type Effect, type Input, type Phase } from "./socket.ts";

/** What of WebSocket is used. */
export type Socket = Pick<
  WebSocket,
  "send" | "close" | "onopen" | "onmessage" | "onclose" | "readyState"
>;

/** The world: handed in, so that tests have their own. */
export type World = {
  open(protocol: string): Socket;
  /** Ms since 1970. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls after so many ms; returns what takes it back. */
  after(ms: number, then: () => void): () => void;
  online(): boolean;
};

/** What the owner hears of. */
export type Listener = {
  phase(phase: Phase): void;
  event(event: PapoEvent): void;
  /** A room was entered again after a loss, or could not be. */
  resumed(room: string, result: { ok: Place } | { no: No }): void;
  /** The outbox changed. */
  posts(posts: readonly Post[]): void;
  /** A post is kept under this number. */
  kept(post: Post, seq: number): void;
  /** Whom the server takes us for, after each greeting. `no`: the token or the nick was refused. */
  greeted(result: { account?: string; number?: number; no?: No }): void;
};

/** Who we are. `token`: only until the server keeps it in a cookie. */
export type Identity = {
  lang: string;
  nick?: string;
  token?: string;
  /** What this program calls itself, for the list of where one is logged in. */
  client?: string;
};

/** Why a request has no answer. */
export class Refused extends Error {
  constructor(readonly no: No) {
    super(no.message);
  }
}

/** The connection broke before the answer: whether it was carried out is not known. */
export class Lost extends Error {}

/** After so much silence, in ms, the server is asked whether it is there. */
const SILENCE_MS = 25_000;
/** It has so long to answer that, in ms; and a socket so long to open. */
const PATIENCE_MS = 10_000;

type Waiting = { resolve(ok: unknown): void; reject(why: Error): void };

/** See the head of this file. */
export class Session {
  readonly outbox: Outbox;
  #phase: Phase = { at: "stopped" };
  #socket: Socket | undefined;
  #waiting = new Map<number, Waiting>();
  #id = 0;
  #rooms = new Map<string, number>();
  #open = new Set<string>();
  #timer: (() => void) | undefined;
  #probe: (() => void) | undefined;
  #kick: (() => void) | undefined;

  constructor(
    private readonly world: World,
    private readonly listener: Listener,
    readonly identity: Identity,
    left: Post[] = [],
  ) {
    this.outbox = new Outbox(left);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Begins; from then on it stays connected as well as it can. */
  start(): void {
    this.#step({ in: "start", online: this.world.online() });
  }

  /** Ends, until `start`. */
  stop(): void {
    this.#step({ in: "stop" });
  }

  /** Tries now, if it waits. */
  hurry(): void {
    this.#step({ in: "hurry" });
  }

  /** The browser's opinion on the network. */
  network(online: boolean): void {
    this.#step({ in: "network", online });
  }

  /** The page came back from sleep: a dead line should not be found out late. */
  wake(): void {
    if (this.#phase.at === "waiting") this.hurry();
    else if (this.#phase.at === "live") this.#ask_sign_of_life();
  }

  /** From now on the room is entered again after each loss, behind `after`. */
  follow(room: string, after: number): void {
    this.#rooms.set(room, after);
    this.#open.add(room);
    this.flush();
  }

  /** No longer. */
  unfollow(room: string): void {
    this.#rooms.delete(room);
    this.#open.delete(room);
  }

  /** The rooms that are followed, with the last event of each. */
  get rooms(): ReadonlyMap<string, number> {
    return this.#rooms;
  }

  /** Asks. Fails with `Refused` or `Lost`. */
  ask<V extends Asked["do"]>(asked: Extract<Asked, { do: V }>): Promise<Answers[V]> {
    if (this.#phase.at !== "live") return Promise.reject(new Lost());
    return this.#send(asked) as Promise<Answers[V]>;
  }

  /** Writes a message: it will be said once, now or when that is possible. False: too many wait. */
  post(post: Omit<Post, "state">): boolean {
    const taken = this.outbox.add(post);
    this.listener.posts(this.outbox.posts);
    this.flush();
    return taken;
  }

  /** Sends what may go. */
  flush(): void {
    if (this.#phase.at !== "live") return;
    const posts = this.outbox.take(this.#open, this.world.now());
    if (posts.length === 0) return;
    for (const post of posts) {
      const { room, text, key, reply } = post;
      this.#send({ do: "say", room, text, key, reply }).then(
        (ok) => {
          this.outbox.kept(key);
          this.listener.kept(post, (ok as Answers["say"]).seq);
          this.listener.posts(this.outbox.posts);
          this.flush();
        },
        (why: Error) => {
          if (!(why instanceof Refused)) return;
          const wait = this.outbox.refused(key, why.no, this.world.now());
          this.listener.posts(this.outbox.posts);
          if (wait === undefined) return this.flush();
          this.#kick?.();
          this.#kick = this.world.after(wait + 10, () => this.flush());
        },
      );
    }
    this.listener.posts(this.outbox.posts);
  }

  #send(asked: Asked): Promise<unknown> {
    this.#id = (this.#id % 0xffff_fffe) + 1;
    const id = this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket?.send(JSON.stringify({ id, ...asked }));
    });
  }

  #step(input: Input): void {
    const before = this.#phase;
    const [phase, effects] = next(before, input);
    if (phase === before && effects.length === 0) return;
    this.#phase = phase;
    this.#timer?.();
    this.#timer = undefined;
    for (const effect of effects) this.#carry_out(effect);
    const { at } = this.#phase;
    if (at === "waiting") {
      const { until } = this.#phase as Extract<Phase, { at: "waiting" }>;
      this.#timer = this.world.after(Math.max(0, until - this.world.now()), () =>
        this.#step({ in: "due", now: this.world.now() + 1 }),
      );
    } else if (at === "connecting" || at === "greeting") {
      this.#timer = this.world.after(PATIENCE_MS, () => this.#lost(1006));
    }
    this.listener.phase(this.#phase);
  }

  #carry_out(effect: Effect): void {
    switch (effect) {
      case "open":
        return this.#open_socket();
      case "close":
        return this.#drop_socket();
      case "greet":
        void this.#greet(this.#socket);
    }
  }

  #open_socket(): void {
    const socket = this.world.open(PROTOCOL);
    this.#socket = socket;
    socket.onopen = () => socket === this.#socket && this.#step({ in: "opened" });
    socket.onclose = (event) => socket === this.#socket && this.#lost(event.code);
    socket.onmessage = (event) => {
      if (socket === this.#socket) this.#take(String(event.data));
    };
  }

  #drop_socket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#probe?.();
    this.#kick?.();
    if (socket) {
      socket.onopen = socket.onclose = socket.onmessage = null;
      socket.close();
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#open.clear();
    this.outbox.lost();
    for (const { reject } of waiting) reject(new Lost());
    this.listener.posts(this.outbox.posts);
  }

  #lost(code: number): void {
    this.#step({ in: "lost", now: this.world.now(), roll: this.world.random(), code });
  }

  async #greet(socket: Socket | undefined): Promise<void> {
    const result: { account?: string; number?: number; no?: No } = {};
    try {
      const { lang, token } = this.identity;
      void this.#send({ do: "hello", lang, client: this.identity.client ?? "papo-web" }).catch(() => undefined);
      const login: Asked = token ? { do: "log-in", token } : { do: "log-in", cookie: true };
      try {
        const ok = (await this.#send(login)) as Answers["log-in"];
        Object.assign(result, { account: ok.account, number: ok.number });
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        // Without a cookie one is a guest, and has not asked for more.
        if (why.no.code !== "not-logged-in") result.no = why.no;
      }
      await this.#resume(result);
    } catch (why) {
      if (why instanceof Refused && socket === this.#socket) this.#lost(1006);
      return;
    }
    if (socket !== this.#socket) return;
    this.#step({ in: "greeted", now: this.world.now() });
    this.listener.greeted(result);
    this.#listen_for_silence();
    this.flush();
  }

  async #resume(result: { no?: No }): Promise<void> {
    const all = [...this.#rooms].map(([room, after]) => ({ room, after }));
    for (let from = 0; from < all.length; from += LIMITS.RESUMED_ROOMS_MAX) {
      const rooms = all.slice(from, from + LIMITS.RESUMED_ROOMS_MAX);
      const nick = this.identity.nick;
      const answer = (await this.#send({ do: "resume", nick, rooms })) as Answers["resume"];
      answer.rooms.forEach((outcome, at) => {
        const room = rooms[at]!.room;
        if ("ok" in outcome) this.#open.add(room);
        // Our own dead connection may still hold the nick: the server lets go of it in a minute.
        else if (outcome.no.code === "nick-taken") throw new Refused(outcome.no);
        else {
          this.#rooms.delete(room);
          result.no ??= outcome.no.code === "nick-owned" ? outcome.no : undefined;
        }
        this.listener.resumed(room, outcome);
      });
    }
  }

  #take(data: string): void {
    this.#listen_for_silence();
    const message = JSON.parse(data) as PapoMessage;
    if ("re" in message) {
      const waiting = this.#waiting.get(message.re as number);
      this.#waiting.delete(message.re as number);
      if ("ok" in message) waiting?.resolve(message.ok);
      else waiting?.reject(new Refused(message.no));
      return;
    }
    if ("room" in message && "seq" in message && message.ev !== "read") {
      const known = this.#rooms.get(message.room);
      if (known !== undefined && message.seq > known) this.#rooms.set(message.room, message.seq);
    }
    if (message.ev === "missed") this.#rooms.set(message.room, message.begins - 1);
    this.listener.event(message);
  }

  #listen_for_silence(): void {
    this.#probe?.();
    if (this.#phase.at !== "live") return;
    this.#probe = this.world.after(SILENCE_MS, () => this.#ask_sign_of_life());
  }

  #ask_sign_of_life(): void {
    if (this.#phase.at !== "live") return;
    this.#probe?.();
    this.#probe = this.world.after(PATIENCE_MS, () => this.#lost(1006));
    void this.#send({ do: "me" }).catch(() => undefined);
  }
}
