// The start: the language is asked for at once, while the rest of the page is still coming.

import { table, wanted } from "./state/language.ts";

const language = wanted();
const here = table(language);
const { start } = await import("./start.ts");
await here;
await start(language);
