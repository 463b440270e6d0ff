import { describe, expect, it } from "vitest";
import type { No } from "./papo.v1.ts";
import { Outbox, POSTS_MAX } from "./outbox.ts";

const post = (key: string, room = "redes") => ({ key, room, text: key, at: 0 });
const no = (code: No["code"], wait_ms?: number): No => ({ code, message: "", wait_ms });
const keys = (posts: readonly { key: string }[]) => posts.map(({ key }) => key);
const rooms = new Set(["redes", "prova"]);

describe("the outbox", () => {
  it("has one post of a room under way, in order", () => {
    const outbox = new Outbox();
    for (const key of ["a", "b"]) outbox.add(post(key));
    outbox.add(post("c", "prova"));
    outbox.add(post("d", "elsewhere"));
    expect(keys(outbox.take(rooms, 0))).toEqual(["a", "c"]);
    expect(keys(outbox.take(rooms, 0))).toEqual([]);
    outbox.kept("a");
    expect(keys(outbox.take(rooms, 0))).toEqual(["b"]);
  });

  it("sends again with the same key what had no answer when the line broke", () => {
    const outbox = new Outbox();
    outbox.add(post("a"));
    outbox.add(post("b"));
    expect(keys(outbox.take(rooms, 0))).toEqual(["a"]);
    outbox.lost();
    expect(keys(outbox.take(rooms, 0))).toEqual(["a"]);
    expect(keys(new Outbox([...outbox.posts]).take(rooms, 0))).toEqual(["a"]);
  });

  it("waits in its place when it comes too fast", () => {
    const outbox = new Outbox();
    outbox.add(post("a"));
    outbox.add(post("b"));
    outbox.take(rooms, 0);
    expect(outbox.refused("a", no("too-fast", 300), 1000)).toBe(300);
    expect(keys(outbox.take(rooms, 1299))).toEqual([]);
    expect(keys(outbox.take(rooms, 1300))).toEqual(["a"]);
  });

  it("steps aside when it is refused for good, until it is tried again or thrown away", () => {
    const outbox = new Outbox();
    outbox.add(post("a"));
    outbox.add(post("b"));
    outbox.take(rooms, 0);
    expect(outbox.refused("a", no("filtered"), 0)).toBeUndefined();
    expect(keys(outbox.take(rooms, 0))).toEqual(["b"]);
    outbox.kept("b");
    outbox.retry("a");
    expect(keys(outbox.take(rooms, 0))).toEqual(["a"]);
    outbox.discard("a");
    expect(outbox.posts).toEqual([]);
  });

  it("is bounded", () => {
    const outbox = new Outbox();
    for (let at = 0; at < POSTS_MAX; at += 1) expect(outbox.add(post(`${at}`))).toBe(true);
    expect(outbox.add(post("more"))).toBe(false);
  });
});
