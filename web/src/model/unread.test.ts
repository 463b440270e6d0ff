import { expect, it } from "vitest";
import { came, NOTHING, readTo, shown, told } from "./unread.ts";

it("takes what the server counted, and goes on from there", () => {
  let unread = told(NOTHING, { read: 9, messages: 3, mentions: 1 }, 14);
  expect(unread).toEqual({ read: 9, messages: 3, calls: 1, counted: 14 });
  // What is caught up with was counted already.
  unread = came(unread, { seq: 13, isCall: true });
  expect(unread.messages).toBe(3);
  unread = came(unread, { seq: 15, isCall: true });
  unread = came(unread, { seq: 16, isCall: false });
  expect(unread).toMatchObject({ messages: 5, calls: 2 });
});

it("never goes back behind what was read here", () => {
  const unread = readTo(NOTHING, 20, []);
  expect(told(unread, { read: 9, messages: 3, mentions: 0 }, 20)).toBe(unread);
  expect(readTo(unread, 12, [{ seq: 13, isCall: false }])).toBe(unread);
  expect(came(unread, { seq: 20, isCall: false })).toBe(unread);
});

it("counts anew what is left when another device has read a part", () => {
  const before = told(NOTHING, { read: 1, messages: 9, mentions: 4 }, 10);
  const after = readTo(before, 7, [{ seq: 8, isCall: false }, { seq: 10, isCall: true }]);
  expect(after).toMatchObject({ read: 7, messages: 2, calls: 1 });
  expect(readTo(after, 10, [])).toMatchObject({ read: 10, messages: 0, calls: 0 });
});

it("has room for its number", () => {
  expect([1, 99, 100, 999].map(shown)).toEqual(["1", "99", "99+", "99+"]);
});
