import { describe, expect, it } from "vitest";
import { Heights } from "./heights.ts";

/** The same without any cleverness. */
class Plain {
  rows: number[] = [];
  top = (at: number) => this.rows.slice(0, at).reduce((sum, height) => sum + height, 0);
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("the heights of rows", () => {
  it("are those of a plain list, whatever is done to them", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const roll = random(seed);
      const whole = (below: number) => Math.floor(roll() * below);
      const heights = new Heights();
      const plain = new Plain();
      for (let step = 0; step < 300; step += 1) {
        const at = whole(plain.rows.length + 1);
        if (roll() < 0.5) {
          const more = Array.from({ length: whole(200) }, () => 1 + whole(90));
          heights.insert(at, more);
          plain.rows.splice(at, 0, ...more);
        } else if (roll() < 0.5) {
          heights.remove(at, 30);
          plain.rows.splice(at, 30);
        } else if (at < plain.rows.length) {
          const height = 1 + whole(200);
          expect(heights.set(at, height)).toBe(height - plain.rows[at]!);
          plain.rows[at] = height;
        }
        expect([heights.rows, heights.total], `seed ${seed}`).toEqual([
          plain.rows.length,
          plain.top(plain.rows.length),
        ]);
        const some = whole(plain.rows.length + 1);
        expect(heights.top(some)).toBe(plain.top(some));
        if (some < plain.rows.length) {
          expect(heights.at(plain.top(some))).toBe(some);
          expect(heights.at(plain.top(some) + plain.rows[some]! - 1)).toBe(some);
          expect(heights.height(some)).toBe(plain.rows[some]);
        }
      }
    }
  });

  it("answer outside with the nearest row", () => {
    const heights = new Heights();
    expect(heights.at(5)).toBe(0);
    heights.insert(0, [10, 10]);
    expect([heights.at(-5), heights.at(99)]).toEqual([0, 1]);
  });

  it("stay quick with a hundred thousand rows", () => {
    const heights = new Heights();
    const started = performance.now();
    for (let page = 0; page < 500; page += 1) heights.insert(0, Array(200).fill(60));
    for (let at = 0; at < 2_000; at += 1) {
      heights.set(at * 50, 61);
      heights.top(heights.at(at * 3_000));
    }
    expect(heights.rows).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
