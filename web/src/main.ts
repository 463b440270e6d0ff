// The start: the language is asked for at once, while the rest of the page is still coming.

import { table, wanted } from "./state/language.ts";

/** Where a piece of the page did not come, all of it is asked for again after so long, in ms. */
const AGAIN_MS = 4_000;

const language = wanted();
const here = table(language);
const page = import("./start.ts");
try {
  await Promise.all([here, page]);
} catch (why) {
  setTimeout(() => location.reload(), AGAIN_MS);
  throw why;
}
await (await page).start(language);
