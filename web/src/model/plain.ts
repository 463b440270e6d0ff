// A message's formatting as plain text: for where it is quoted, listed or spoken.

import type { Block, Inline, Markup } from "../protocol/papo.v1.ts";

/** The text without its signs; what has no formatting is as it was written. */
export function plain({ text, markup }: { text: string | null; markup?: Markup }): string {
  return markup ? markup.map(block).join("\n") : (text ?? "");
}

function block(part: Block): string {
  switch (part.t) {
    case "p":
      return part.c.map(inline).join("");
    case "pre":
      return part.x;
    case "quote":
      return part.c.map(block).join("\n");
    case "ul":
    case "ol":
      return part.c.map((item) => item.map(block).join(" ")).join("\n");
  }
}

function inline(part: Inline): string {
  if (typeof part === "string") return part;
  switch (part.t) {
    case "b":
    case "i":
    case "s":
    case "a":
      return part.c.map(inline).join("");
    case "code":
      return part.x;
    case "br":
      return "\n";
    case "at":
      return `@${part.nick}`;
  }
}
