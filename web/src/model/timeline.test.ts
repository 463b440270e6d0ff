import { describe, expect, it } from "vitest";
import type { Message, PapoEvent } from "../protocol/papo.v1.ts";
import { Timeline, type Change } from "./timeline.ts";

const by = { nick: "ana" };
const message = (seq: number, text: string | null = `${seq}`): Message => {
  return { seq, at: seq, by, text, edited: false, pinned: false, reactions: [] };
};
const said = (seq: number, text = `${seq}`): PapoEvent => {
  return { ev: "said", room: "redes", seq, at: seq, by, text };
};
const reacted = (seq: number, target: number, nick: string, on = true): PapoEvent => {
  return { ev: "reacted", room: "redes", seq, at: 0, by: { nick }, target, emoji: "👍", on };
};
const seqs = (timeline: Timeline) => timeline.entries.map(({ seq }) => seq);

/** Follows the changes, as the page does. */
function mirror(timeline: Timeline): () => number {
  let rows = 0;
  timeline.watch((change: Change) => {
    if (change.what === "reset") rows = timeline.entries.length;
    else if (change.what === "insert") rows += change.count;
    else if (change.what === "remove") rows -= change.count;
  });
  return () => rows;
}

describe("a timeline", () => {
  it("knows one's own reactions from a page, and from what happens", () => {
    const timeline = new Timeline(() => "ana");
    const page = [{ ...message(1), reactions: [{ emoji: "👍", count: 2, mine: true as const }, { emoji: "🎉", count: 1 }] }];
    timeline.take("newest", page, false);
    expect(timeline.find(1)?.mine).toEqual(["👍"]);
    timeline.event(reacted(2, 1, "ana", false));
    expect(timeline.find(1)).toMatchObject({ mine: [], reactions: [{ emoji: "👍", count: 1 }, { emoji: "🎉", count: 1 }] });
  });

  it("grows at both ends, and the rows are told of it", () => {
    const timeline = new Timeline(() => "ana");
    const rows = mirror(timeline);
    timeline.take("newest", [message(8), message(9)], true);
    timeline.event(said(10));
    timeline.take("older", [message(6), message(7)], false);
    expect(seqs(timeline)).toEqual([6, 7, 8, 9, 10]);
    expect([timeline.hasStart, timeline.hasEnd, rows()]).toEqual([true, true, 5]);
  });

  it("has nothing twice", () => {
    const timeline = new Timeline(() => "ana");
    timeline.take("newest", [message(1), message(2)], false);
    expect(timeline.event(said(2))).toBeUndefined();
    timeline.take("older", [message(1)], false);
    expect(seqs(timeline)).toEqual([1, 2]);
  });

  it("keeps what is said while it shows the past, until both meet", () => {
    const timeline = new Timeline(() => "ana");
    timeline.take("around", [message(3), message(4)], true);
    expect(timeline.hasEnd).toBe(false);
    timeline.event(said(7));
    timeline.event(reacted(8, 7, "bia"));
    expect([seqs(timeline), timeline.newest]).toEqual([[3, 4], 7]);
    timeline.take("newer", [message(5), message(6)], false);
    expect(seqs(timeline)).toEqual([3, 4, 5, 6, 7]);
    expect(timeline.find(7)!.reactions).toEqual([{ emoji: "👍", count: 1 }]);
  });

  it("counts reactions, and knows one's own", () => {
    const timeline = new Timeline(() => "Ana");
    timeline.take("newest", [message(1)], false);
    timeline.event(reacted(2, 1, "bia"));
    timeline.event(reacted(3, 1, "ana"));
    expect(timeline.find(1)).toMatchObject({ reactions: [{ count: 2 }], mine: ["👍"] });
    timeline.event(reacted(4, 1, "bia", false));
    timeline.event(reacted(5, 1, "ana", false));
    expect(timeline.find(1)).toMatchObject({ reactions: [], mine: [] });
  });

  it("does not take a page that something fell on while it was under way", () => {
    const timeline = new Timeline(() => "ana");
    timeline.asked();
    timeline.event(reacted(9, 1, "bia"));
    expect(timeline.take("newest", [message(1)], false)).toBe(false);
    timeline.asked();
    expect(timeline.take("newest", [message(1)], false)).toBe(true);
  });

  it("corrects and takes back, in the answers' quotes too", () => {
    const timeline = new Timeline(() => "ana");
    const answer = { ...message(2), reply: { to: 1, quote: { nick: "ana", text: "1" } } };
    timeline.take("newest", [message(1), answer], false);
    const corrected = "x".repeat(50);
    timeline.event({ ev: "edited", room: "r", seq: 3, at: 0, by, target: 1, text: corrected });
    expect(timeline.find(1)).toMatchObject({ text: corrected, edited: true });
    expect(timeline.find(2)!.reply!.quote!.text).toBe(`${"x".repeat(40)}...`);
    timeline.event({ ev: "deleted", room: "r", seq: 4, at: 0, by, target: 1 });
    expect(timeline.find(1)!.text).toBeNull();
    expect(timeline.find(2)!.reply).toEqual({ to: 1, quote: undefined });
  });

  it("lets go of what the room no longer keeps", () => {
    const timeline = new Timeline(() => "ana");
    const rows = mirror(timeline);
    timeline.take("newest", [message(1), message(2), message(5)], false);
    timeline.event({ ev: "missed", room: "r", after: 2, begins: 5 });
    expect([seqs(timeline), rows()]).toEqual([[5], 1]);
  });

  it("carries a hundred thousand", () => {
    const timeline = new Timeline(() => "ana");
    const started = performance.now();
    timeline.take("newest", [message(200_000)], true);
    for (let page = 1; page <= 500; page += 1) {
      const from = 200_000 - page * 200;
      timeline.take("older", Array.from({ length: 200 }, (_, at) => message(from + at)), page < 500);
    }
    expect(timeline.entries.length).toBe(100_001);
    expect(timeline.find(150_000)!.seq).toBe(150_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
