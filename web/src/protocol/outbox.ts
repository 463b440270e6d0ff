// What was written and is not yet known to be kept: each post with its key, in order, sent again
// after a loss with the same key, so that it is said exactly once. Pure; kept by who owns it.

import type { No } from "./papo.v1.ts";

/** One message on its way. */
export type Post = {
  /** Makes it one post, however often it is sent. */
  key: string;
  room: string;
  text: string;
  reply?: number;
  /** When it was written, in ms. */
  at: number;
  state: "queued" | "sent" | "refused";
  /** Why it was refused for good. */
  no?: No;
};

/** Posts that wait at most; the composer says so before there are more. */
export const POSTS_MAX = 500;

/** Refusals after which the same post may be taken later: it stays in its place. */
const PASSING = new Set(["too-fast", "busy", "no-space", "log-away", "slow-mode"]);

/** How long to wait after a refusal that does not say it, in ms. */
const PATIENCE_MS = 2_000;

/** The posts of all rooms. A room has one under way at a time, which keeps their order. */
export class Outbox {
  #posts: Post[] = [];
  /** Rooms that were asked to wait, and until when, in ms. */
  #paused = new Map<string, number>();

  /** With what an earlier page left. */
  constructor(left: Post[] = []) {
    this.#posts = left.map((post) => (post.state === "sent" ? { ...post, state: "queued" } : post));
  }

  /** All of them, oldest first. */
  get posts(): readonly Post[] {
    return this.#posts;
  }

  /** Takes one more; false if there are too many. */
  add(post: Omit<Post, "state">): boolean {
    if (this.#posts.length >= POSTS_MAX) return false;
    this.#posts = [...this.#posts, { ...post, state: "queued" }];
    return true;
  }

  /** The next post of each room of `rooms` that may go now; they count as sent from here on. */
  take(rooms: ReadonlySet<string>, now: number): Post[] {
    const busy = new Set<string>();
    const taken: Post[] = [];
    this.#posts = this.#posts.map((post) => {
      if (post.state === "refused" || busy.has(post.room)) return post;
      busy.add(post.room);
      if (post.state === "sent" || !rooms.has(post.room)) return post;
      if ((this.#paused.get(post.room) ?? 0) > now) return post;
      const sent: Post = { ...post, state: "sent" };
      taken.push(sent);
      return sent;
    });
    return taken;
  }

  /** It is kept: nothing more to do for it. */
  kept(key: string): Post | undefined {
    const post = this.#posts.find((other) => other.key === key);
    this.#posts = this.#posts.filter((other) => other.key !== key);
    return post;
  }

  /** It was refused: after how many ms `take` gives it again, or nothing if it is for good. */
  refused(key: string, no: No, now: number): number | undefined {
    const passing = PASSING.has(no.code);
    const wait = no.wait_ms ?? PATIENCE_MS;
    this.#posts = this.#posts.map((post) => {
      if (post.key !== key) return post;
      if (passing) this.#paused.set(post.room, now + wait);
      return passing ? { ...post, state: "queued" } : { ...post, state: "refused", no };
    });
    return passing ? wait : undefined;
  }

  /** The connection is gone: what has no answer goes again. */
  lost(): void {
    this.#paused.clear();
    this.#posts = this.#posts.map((post) =>
      post.state === "sent" ? { ...post, state: "queued" } : post,
    );
  }

  /** The writer wants it tried again. */
  retry(key: string): void {
    this.#posts = this.#posts.map((post) =>
      post.key === key && post.state === "refused" ? { ...post, state: "queued", no: undefined } : post,
    );
  }

  /** The writer does not want it any more. */
  discard(key: string): void {
    this.#posts = this.#posts.filter((post) => post.key !== key);
  }
}
