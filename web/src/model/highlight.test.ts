import { expect, it } from "vitest";
import { highlight } from "./highlight.ts";
import { safeUrl } from "./links.ts";

it("the pieces are the whole code, whatever it is", () => {
  for (const code of ["fn main() { /* a", "x = \"a\\\"b\" # c", "'", "`\n`", "// só\nlet é = 1;", ""]) {
    for (const language of ["rust", "python", "sql", "", "?"]) {
      expect(highlight(code, language).map(([, text]) => text).join("")).toBe(code);
    }
  }
});

it("words, texts, notes and numbers are told apart", () => {
  expect(highlight("let x = 1; // um", "js")).toEqual([
    ["word", "let"], ["", " x = "], ["number", "1"], ["", "; "], ["note", "// um"],
  ]);
  expect(highlight("# a\n'b'", "py")).toEqual([["note", "# a"], ["", "\n"], ["text", "'b'"]]);
});

it("only addresses that can do no harm are followed", () => {
  for (const url of ["http://a", "https://a/?b#c", "mailto:a@b"]) expect(safeUrl(url)).toBe(url);
  for (const url of ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///etc", "x", "//a", ""]) {
    expect(safeUrl(url), url).toBeUndefined();
  }
});
