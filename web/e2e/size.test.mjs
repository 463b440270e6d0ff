// What the page costs at first: script and style, gzipped, together.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, person, quit } from "./harness.mjs";

const BYTES_MAX = 90 * 1024;

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

test(`the first load has at most ${BYTES_MAX} bytes of script and style`, async () => {
  const page = await person("");
  const files = [];
  page.on("response", (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) files.push(response);
  });
  await page.goto(server.url, { waitUntil: "networkidle" });
  let bytes = 0;
  for (const response of files) {
    assert.equal(response.headers()["content-encoding"], "gzip", response.url());
    bytes += Number(response.headers()["content-length"]);
  }
  console.log(`# ${files.length} files, ${bytes} bytes`);
  assert.ok(files.length > 2 && bytes <= BYTES_MAX, `${bytes} bytes`);
});
