// A bad line: it goes away again and again while two people talk, and the server dies in between.
// At the end both have the same, each message once, and no page was loaded again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, Wire, enterRoom, eventually, makeRoom, pause, person, quit, say } from "./harness.mjs";

const MESSAGES = 500;
const CUTS = 10;

let server;
let wire;
before(async () => {
  server = await Server.start();
  wire = await Wire.lay(server.port);
});
after(async () => {
  await quit();
  await wire.close();
  await server.stop();
});

/** All of the room, by scrolling through it: number and text. */
async function all(page) {
  const found = new Map();
  const gather = async () => {
    for (const [seq, text] of await page.locator("article.row").evaluateAll((rows) => rows.map((each) => [Number(each.dataset.seq), each.querySelector(".said")?.innerText.trim()]))) found.set(seq, text);
  };
  await page.locator("#timeline").evaluate((box) => (box.scrollTop = box.scrollHeight));
  for (let step = 0; step < 200; step += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await gather();
    const top = await page.locator("#timeline").evaluate((box) => {
      const before = box.scrollTop;
      box.scrollTop -= box.clientHeight * 0.8;
      return before;
    });
    if (top === 0) break;
  }
  return [...found].sort(([one], [other]) => one - other);
}

test(`the line goes ${CUTS} times in ${MESSAGES} messages, and the server dies once: nothing lost, nothing twice`, async () => {
  const ana = await person(wire.url);
  await makeRoom(ana, "ana", "ruim");
  const bia = await person("");
  await enterRoom(bia, wire.url, "bia", "ruim");
  for (const page of [ana, bia]) await page.evaluate(() => (globalThis.sameLoad = true));

  const wanted = [];
  for (let at = 0; at < MESSAGES; at += 1) {
    const [page, nick] = at % 2 === 0 ? [ana, "ana"] : [bia, "bia"];
    wanted.push(`${nick} ${at}`);
    await say(page, `${nick} ${at}`);
    if (at % (MESSAGES / CUTS) === 25) {
      // In the midst of a message on its way, or close to it.
      wire.cut();
      await pause(Math.random() * 60);
      if (at > MESSAGES / 2 && at < MESSAGES / 2 + MESSAGES / CUTS) {
        await server.kill();
        await server.run();
      }
      wire.mend();
    }
  }
  for (const page of [ana, bia]) {
    await eventually(async () => (await page.locator(".pending").count()) === 0, () => "messages still wait", 90_000);
    await eventually(async () => (await page.locator("article.row").last().innerText()).match(/49[89]/), () => "the end is not there", 30_000);
  }
  const [one, other] = [await all(ana), await all(bia)];
  assert.deepEqual(one, other, "both have the same");
  const said = one.map(([, text]) => text).filter(Boolean);
  assert.deepEqual([...said].sort(), [...wanted].sort(), "each once");
  for (const nick of ["ana", "bia"]) {
    const own = (texts) => texts.filter((text) => text.startsWith(nick));
    assert.deepEqual(own(said), own(wanted), `in the order in which ${nick} wrote them`);
  }
  for (const page of [ana, bia]) {
    assert.equal(await page.evaluate(() => globalThis.sameLoad), true, "no reload");
    assert.deepEqual(page.errors, []);
  }
});
