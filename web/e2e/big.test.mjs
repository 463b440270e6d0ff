// A room with very many messages: it opens with the newest at once, and scrolling stays smooth.
// How many, and how long it is scrolled, may be set: BIG_MESSAGES, BIG_SECONDS.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LineClient, Server, enterRoom, eventually, makeRoom, person, quit, row } from "./harness.mjs";

const MESSAGES = Number(process.env.BIG_MESSAGES ?? 10_000);
const SECONDS = Number(process.env.BIG_SECONDS ?? 6);
/** On an idle machine; a busy one is given more by BIG_SLACK. */
const SLACK = Number(process.env.BIG_SLACK ?? 1);
const OPEN_MS_MAX = 1_000;

let server;
before(async () => (server = await Server.start({ FLOOD_MESSAGES_PER_SECOND: 0, FLOOD_ADDRESS_MESSAGES_PER_SECOND: 0 })));
after(async () => {
  await quit();
  await server.stop();
});

test(`a room with ${MESSAGES} messages`, async () => {
  const line = await LineClient.connect(server.port);
  line.send(`--CREATE grande 10 ana`);
  await line.expect("grande");
  for (let at = 0; at < MESSAGES; at += 1) {
    line.socket.write(`mensagem ${at} ${"com mais algumas palavras ".repeat(at % 7)}\r\n`);
    if (at % 500 === 0) {
      line.text = "";
      await new Promise((resolve) => setImmediate(resolve));
      if (line.socket.writableNeedDrain) await new Promise((resolve) => line.socket.once("drain", resolve));
    }
  }
  const page = await person(server.url);
  await makeRoom(page, "bia", "outra");
  await page.goto(`${server.url}/r/outra`);
  await page.locator("#write").waitFor();
  // All of it is kept before it is looked at.
  const other = await person("");
  await enterRoom(other, server.url, "caio", "grande");
  await eventually(async () => (await other.locator("article.row .said").last().innerText()).includes(`mensagem ${MESSAGES - 1} `), undefined, 120_000);
  await other.context().close();

  await page.evaluate(() => {
    globalThis.opened = undefined;
    const began = performance.now();
    new MutationObserver((_, observer) => {
      if (!document.querySelector("#timeline article.row")?.innerText.includes("mensagem")) return;
      observer.disconnect();
      requestAnimationFrame(() => (globalThis.opened = performance.now() - began));
    }).observe(document.body, { childList: true, subtree: true });
    history.pushState(null, "", "/r/grande");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  const opened = await eventually(() => page.evaluate(() => globalThis.opened));
  await row(page, `mensagem ${MESSAGES - 1} `).waitFor();
  console.log(`# opened in ${Math.round(opened)} ms`);
  assert.ok(opened < OPEN_MS_MAX * SLACK, `opened in ${opened} ms`);

  const scroll = (by) =>
    page.evaluate(
      ([by, seconds]) =>
        new Promise((resolve) => {
          const box = document.querySelector("#timeline");
          const began = performance.now();
          const frames = [];
          let last = began;
          const step = (now) => {
            if (now - began > 1_000) frames.push(now - last);
            last = now;
            box.scrollTop += by;
            if (now - began < seconds * 1_000) requestAnimationFrame(step);
            else resolve(frames.sort((one, other) => one - other));
          };
          requestAnimationFrame(step);
        }),
      [by, SECONDS],
    );
  for (const [way, by] of [["up", -60], ["down", 60]]) {
    const frames = await scroll(by);
    const at = (part) => frames[Math.min(frames.length - 1, Math.floor(frames.length * part))].toFixed(1);
    const over = frames.filter((ms) => ms > 50).length;
    console.log(`# ${way}: ${frames.length} frames, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, ${over} over 50 ms`);
    assert.ok(over <= frames.length * 0.02 * SLACK, `${over} of ${frames.length} frames took more than 50 ms`);
  }
  // Far back and to the newest again, without a jump: what is in sight stays where it is while more is loaded.
  await page.locator("#timeline").evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await page.getByRole("button", { name: /newest/ }).click();
  await row(page, `mensagem ${MESSAGES - 1} `).waitFor();
  assert.ok((await page.locator("article.row").count()) < 120, "only what is in sight exists");
  assert.deepEqual(page.errors, []);
  line.close();
});
