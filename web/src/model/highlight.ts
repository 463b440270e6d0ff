// Colours for code: words, texts, notes and numbers, told apart well enough for most languages by
// one scanner. Loaded when the first block of code is shown.

/** A piece of code and what it is; no kind: plain. */
export type Token = readonly [kind: "" | "word" | "text" | "note" | "number", text: string];

/** Code longer than this, in characters, stays plain. */
const LENGTH_MAX = 20_000;

const WORDS = new Set(
  ("abstract and as assert async await break case catch class const continue def default del do elif else " +
    "end enum except export extends extern false finally fn for from func function global go goto if impl " +
    "implements import in instanceof interface is lambda let loop match mod module move mut namespace new nil " +
    "None not null or override package pass private protected pub public raise ref return self Self static " +
    "struct super switch template then this throw trait true True False try type typedef typeof undefined " +
    "union unless unsafe until use using var virtual void where while with yield select insert update delete " +
    "from where join on group by order limit create table int float double char bool string echo fi done esac").split(" "),
);

/** Languages in which `#` begins a note. */
const HASH = new Set("sh bash zsh py python rb ruby yaml yml toml ini make makefile r perl pl conf dockerfile".split(" "));
/** Languages in which `--` does. */
const DASHES = new Set("sql lua hs haskell elm ada".split(" "));
/** Of these, nothing is code. */
const PLAIN = new Set("text txt plain log".split(" "));

function scanner(language: string): RegExp {
  const notes = ["\\/\\*[\\s\\S]*?(?:\\*\\/|$)", "<!--[\\s\\S]*?(?:-->|$)"];
  if (HASH.has(language)) notes.push("#[^\\n]*");
  else if (DASHES.has(language)) notes.push("--[^\\n]*");
  else notes.push("(?<!:)\\/\\/[^\\n]*");
  const texts = '"(?:\\\\.|[^"\\\\\\n])*"|\'(?:\\\\.|[^\'\\\\\\n])*\'|`(?:\\\\.|[^`\\\\])*`';
  const source = `(?<note>${notes.join("|")})|(?<text>${texts})|(?<number>\\b\\d[\\w.]*\\b)|(?<name>[A-Za-z_$][\\w$]*)`;
  return new RegExp(source, "g");
}

/** The pieces of a code, in order; together they are the whole of it. */
export function highlight(code: string, language = ""): Token[] {
  const name = language.toLowerCase();
  if (code.length > LENGTH_MAX || PLAIN.has(name)) return [["", code]];
  const tokens: Token[] = [];
  let done = 0;
  for (const found of code.matchAll(scanner(name))) {
    const { note, text, number } = found.groups!;
    const kind = note ? "note" : text ? "text" : number ? "number" : WORDS.has(found[0]) ? "word" : "";
    if (!kind) continue;
    if (found.index > done) tokens.push(["", code.slice(done, found.index)]);
    tokens.push([kind, found[0]]);
    done = found.index + found[0].length;
  }
  if (done < code.length) tokens.push(["", code.slice(done)]);
  return tokens;
}
