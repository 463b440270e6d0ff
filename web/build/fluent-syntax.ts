// The part of @fluent/syntax that the build uses, with the types narrowed to it.

import { parse as parseAll } from "@fluent/syntax";

export type Expression =
  | { type: "VariableReference"; id: { name: string } }
  | { type: "FunctionReference" | "MessageReference" | "TermReference" | "NumberLiteral" }
  | { type: "StringLiteral"; value: string };

export type PlaceableExpression =
  | Expression
  | {
      type: "SelectExpression";
      selector: Expression;
      variants: {
        key: { type: "Identifier"; name: string } | { type: "NumberLiteral"; value: string };
        value: Pattern;
        default: boolean;
      }[];
    };

export type Pattern = {
  elements: (
    | { type: "TextElement"; value: string }
    | { type: "Placeable"; expression: PlaceableExpression }
  )[];
};

type Entry =
  | { type: "Message"; id: { name: string }; value: Pattern | null }
  | { type: "Junk"; content: string }
  | { type: "Comment" | "GroupComment" | "ResourceComment" | "Term" };

/** Parses a message file. */
export const parse = parseAll as unknown as (
  source: string,
  options: object,
) => { body: Entry[] };
