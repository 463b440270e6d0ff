import { describe, expect, it } from "vitest";
import { COMMANDS, isTooLong, read } from "./commands.ts";
import { complete, fenced, looksLikeCode, matching, trigger } from "./composer.ts";

describe("completion", () => {
  it("begins at @, : and / where a word begins", () => {
    expect(trigger("oi @bi", 6)).toEqual({ kind: "mention", from: 3, typed: "bi" });
    expect(trigger("(@", 2)).toEqual({ kind: "mention", from: 1, typed: "" });
    expect(trigger("/jo", 3)).toEqual({ kind: "command", from: 0, typed: "jo" });
    expect(trigger("a :hea", 6)).toEqual({ kind: "emoji", from: 2, typed: "hea" });
    for (const text of ["a@b", "x /jo", "12:30", ":a", "/join re", "https://x"]) {
      expect(trigger(text, text.length), text).toBeUndefined();
    }
  });

  it("puts one space behind, and leaves the caret there", () => {
    const at = trigger("oi @bi!", 6)!;
    expect(complete("oi @bi!", 6, at, "@bia")).toEqual(["oi @bia !", 8]);
    expect(complete("@b x", 2, trigger("@b x", 2)!, "@bia")).toEqual(["@bia x", 4]);
  });

  it("has first what begins so", () => {
    expect(matching(["caio", "ana", "Carla"], (nick) => nick, "a", 2)).toEqual(["ana", "caio"]);
  });
});

describe("a line", () => {
  it("is text or a command with its arguments", () => {
    expect(read("oi")).toEqual({ is: "text", text: "oi" });
    expect(read("//oi")).toEqual({ is: "text", text: "/oi" });
    expect(read("/etc/passwd")).toEqual({ is: "text", text: "/etc/passwd" });
    expect(read("/msg bia bom dia")).toMatchObject({ is: "command", given: ["bia", "bom dia"] });
    expect(read("/kick bia")).toMatchObject({ is: "command", given: ["bia"] });
    expect(read("/kick")).toMatchObject({ is: "incomplete" });
    expect(read("/jion x")).toEqual({ is: "unknown", name: "jion" });
  });

  it("has a limit in bytes, not in characters", () => {
    expect(isTooLong("é".repeat(2048))).toBe(false);
    expect(isTooLong("é".repeat(2049))).toBe(true);
  });

  it("no two commands are called the same", () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  });
});

describe("a paste", () => {
  it("of code becomes a block", () => {
    const code = "fn main() {\n    let x = 1;\n    println!(\"{x}\");\n}\n";
    expect(looksLikeCode(code)).toBe(true);
    expect(fenced(code)).toMatch(/^```\n[\s\S]*\}\n```\n$/);
  });

  it("of prose does not", () => {
    expect(looksLikeCode("um\ndois\ntrês\nquatro\ncinco")).toBe(false);
    expect(looksLikeCode("uma linha {")).toBe(false);
  });
});
