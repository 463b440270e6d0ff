import { describe, expect, it } from "vitest";
import { GOOD_AFTER_MS, next, wait, WAIT_MAX_MS, type Input, type Phase } from "./socket.ts";

function run(inputs: Input[], from: Phase = { at: "stopped" }): [Phase, string[]] {
  const done: string[] = [];
  let phase = from;
  for (const input of inputs) {
    const [then, effects] = next(phase, input);
    phase = then;
    done.push(...effects);
  }
  return [phase, done];
}

const LIVE: Input[] = [
  { in: "start", online: true },
  { in: "opened" },
  { in: "greeted", now: 100 },
];

describe("the connection", () => {
  it("opens, greets and is live", () => {
    expect(run(LIVE)).toEqual([{ at: "live", since: 100, attempt: 0 }, ["open", "greet"]]);
  });

  it("waits after a loss and tries again when due, not before", () => {
    const [phase] = run([...LIVE, { in: "lost", now: 200, roll: 0, code: 1006 }]);
    expect(phase).toEqual({ at: "waiting", until: 450, attempt: 1 });
    expect(run([{ in: "due", now: 449 }], phase)).toEqual([phase, []]);
    expect(run([{ in: "due", now: 450 }], phase)[0].at).toBe("connecting");
    expect(run([{ in: "hurry" }], phase)[1]).toEqual(["open"]);
  });

  it("waits longer each time, never longer than the most, with dice in half of it", () => {
    const waits = Array.from({ length: 12 }, (_, attempt) => wait(attempt, 1, 1006));
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(Math.max(...waits)).toBe(WAIT_MAX_MS);
    expect(wait(3, 0, 1006)).toBe(2000);
  });

  it("begins anew after a good connection", () => {
    const [phase] = run([
      ...LIVE,
      { in: "lost", now: 200, roll: 0, code: 1006 },
      { in: "due", now: 1e6 },
      { in: "opened" },
      { in: "greeted", now: 1e6 },
      { in: "lost", now: 1e6 + GOOD_AFTER_MS, roll: 0, code: 1006 },
    ]);
    expect(phase).toMatchObject({ at: "waiting", attempt: 1 });
  });

  it("gives a server that goes down a second at least", () => {
    const [phase] = run([...LIVE, { in: "lost", now: 0, roll: 0, code: 1001 }]);
    expect(phase).toMatchObject({ until: 1000 });
  });

  it("does nothing without a network, and comes back at once with it", () => {
    const [phase, done] = run([...LIVE, { in: "network", online: false }]);
    expect([phase.at, done.at(-1)]).toEqual(["offline", "close"]);
    expect(run([{ in: "due", now: 1e9 }], phase)).toEqual([phase, []]);
    expect(run([{ in: "network", online: true }], phase)).toEqual([
      { at: "connecting", attempt: 0 },
      ["open"],
    ]);
  });

  it("stays stopped, whatever is late", () => {
    const [phase] = run([...LIVE, { in: "stop" }]);
    for (const late of [{ in: "opened" }, { in: "due", now: 1e9 }] as Input[]) {
      expect(next(phase, late)).toEqual([phase, []]);
    }
    expect(next(phase, { in: "lost", now: 1, roll: 1, code: 1006 })).toEqual([phase, []]);
  });
});
