import { expect, it } from "vitest";
import type { Markup } from "../protocol/papo.v1.ts";
import { plain } from "./plain.ts";

it("says what was written without its signs", () => {
  const markup: Markup = [
    { t: "p", c: ["oi, ", { t: "at", nick: "bia" }, ": ", { t: "b", c: [{ t: "i", c: ["isto"] }] }, { t: "br" }, { t: "a", url: "https://x.org", c: ["aqui"] }] },
    { t: "ul", c: [[{ t: "p", c: ["um"] }], [{ t: "p", c: [{ t: "code", x: "dois" }] }]] },
    { t: "quote", c: [{ t: "p", c: [{ t: "s", c: ["não"] }] }] },
    { t: "pre", x: "a\nb" },
  ];
  expect(plain({ text: "…", markup })).toBe("oi, @bia: isto\naqui\num\ndois\nnão\na\nb");
  expect(plain({ text: "a *b" })).toBe("a *b");
  expect(plain({ text: null })).toBe("");
});
