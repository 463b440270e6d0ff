// What reaches one who looks elsewhere, a newer page that is offered, and how one wants it to look.

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { createConnection } from "node:net";
import { after, before, test } from "node:test";
import { Server, enterRoom, eventually, freePort, makeRoom, person, quit, row, say } from "./harness.mjs";

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

/** Someone who looks elsewhere: what her browser is asked to do is counted. */
async function absent(options = {}) {
  const page = await person("", options);
  await page.addInitScript(() => {
    window.tones = 0;
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      window.tones += 1;
      return createOscillator.call(this);
    };
    navigator.setAppBadge = async (count) => void (window.badge = count);
    navigator.clearAppBadge = async () => void (window.badge = 0);
  });
  return page;
}

const looksAway = (page) => page.evaluate(() => void (document.hasFocus = () => false));
const looksBack = (page) =>
  page.evaluate(() => {
    document.hasFocus = () => true;
    dispatchEvent(new Event("focus"));
  });

test("a call is shown by the system, heard, and counted in title and badge; each can be switched off", async () => {
  const page = await absent({ serviceWorkers: "allow", permissions: ["notifications"] });
  await page.goto(server.url);
  await makeRoom(page, "ana", "longe");
  await page.goto(`${server.url}/r/longe?panel=settings`);
  await page.getByLabel("Show a notification").check();
  await page.locator(".pane").getByRole("button", { name: "Close" }).click();
  const other = await person("");
  await enterRoom(other, server.url, "bia", "longe");
  await page.mouse.click(400, 300);
  await looksAway(page);

  await say(other, "sem chamar ninguém");
  await eventually(async () => (await page.title()) === "(1) longe · papo");
  assert.equal(await page.evaluate(() => window.tones), 0);
  await say(other, "@ana, olhe isto");
  await eventually(async () => (await page.title()) === "(2) longe · papo");
  assert.equal(await page.evaluate(() => window.badge), 2);
  assert.equal(await page.locator('link[rel="icon"]').getAttribute("href"), "/icon-unread.svg");
  const shown = await eventually(() =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const [notice] = await registration.getNotifications();
      return notice && { title: notice.title, body: notice.body, data: notice.data };
    }),
  );
  assert.deepEqual(shown, { title: "bia in longe", body: "@ana, olhe isto", data: { address: "/r/longe" } });
  await eventually(() => page.evaluate(() => window.tones > 0));

  await looksBack(page);
  await eventually(async () => (await page.title()) === "longe · papo");
  assert.equal(await page.evaluate(() => window.badge), 0);
  await page.keyboard.press("Escape");
  await page.goto(`${server.url}/r/longe?panel=settings`);
  await page.getByLabel("Play a sound").uncheck();
  await page.getByLabel("Show a notification").uncheck();
  await page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).forEach((notice) => notice.close()));
  await looksAway(page);
  await say(other, "@ana, de novo");
  await eventually(async () => (await page.title()).startsWith("(1)"));
  assert.equal(await page.evaluate(() => window.tones), 0);
  assert.equal(await page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length), 0);
  assert.deepEqual(page.errors, []);
  for (const each of [page, other]) await each.context().close();
});

/** The server behind an address whose worker can be made a newer one. */
async function newerBehind(port) {
  const front = { isNewer: false, port: await freePort() };
  const server = createServer((asked, answer) => {
    const { url: path, method, headers } = asked;
    const forward = request({ port, path, method, headers: { ...headers, "accept-encoding": "identity" } }, (got) => {
      if (path !== "/sw.js") {
        answer.writeHead(got.statusCode, got.headers);
        return got.pipe(answer);
      }
      const { "content-length": _length, etag: _etag, ...fields } = got.headers;
      answer.writeHead(got.statusCode, fields);
      got.on("data", (part) => answer.write(part)).on("end", () => answer.end(front.isNewer ? "\n// newer\n" : ""));
    });
    asked.pipe(forward);
  });
  server.on("upgrade", (asked, near) => {
    const far = createConnection(port, "127.0.0.1", () => {
      const lines = [`GET ${asked.url} HTTP/1.1`];
      for (let at = 0; at < asked.rawHeaders.length; at += 2) lines.push(`${asked.rawHeaders[at]}: ${asked.rawHeaders[at + 1]}`);
      far.write(`${lines.join("\r\n")}\r\n\r\n`);
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) socket.on("error", () => undefined).on("close", () => (near.destroy(), far.destroy()));
  });
  await new Promise((resolve) => server.listen(front.port, "127.0.0.1", resolve));
  front.close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return front;
}

test("a newer page is offered, and taken only when one wants it", async () => {
  const front = await newerBehind(server.port);
  const url = `http://127.0.0.1:${front.port}`;
  const page = await person(url, { serviceWorkers: "allow" });
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  });
  await page.reload();
  await makeRoom(page, "caio", "antiga");
  await page.locator("#write").fill("meio escrito");
  front.isNewer = true;
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.getByText("A new version of this page is ready.").waitFor();
  assert.equal(await page.locator("#write").inputValue(), "meio escrito", "nothing is taken away");
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload" }).click();
  await loaded;
  await page.locator("#write").waitFor();
  assert.equal(await page.locator("#write").inputValue(), "meio escrito");
  assert.equal(await page.getByText("A new version of this page is ready.").count(), 0);
  await page.context().close();
  await front.close();
});

test("density and colours are as one chose, also after a reload", async () => {
  const page = await person(server.url);
  await makeRoom(page, "duda", "gosto");
  await say(page, "uma linha");
  await row(page, "uma linha").waitFor();
  const height = () => row(page, "uma linha").evaluate((node) => node.getBoundingClientRect().height);
  const roomy = await height();
  await page.goto(`${server.url}/r/gosto?panel=settings`);
  await page.getByRole("radio", { name: "Dense" }).check();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.reload();
  await row(page, "uma linha").waitFor();
  assert.ok((await height()) < roomy, "rows are lower");
  const [red] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  assert.ok(red < 60, "the page is dark though the system is light");
  await page.context().close();
});

test("text from right to left runs so, and leaves what is around it alone", async () => {
  const page = await person(server.url);
  await makeRoom(page, "ليلى", "عربي");
  await say(page, "مرحبا بكم في **الغرفة**، @ana");
  await say(page, "and this one from the left");
  await row(page, "and this").waitFor();
  const direction = (text) => row(page, text).locator(".said p").evaluate((node) => getComputedStyle(node).direction);
  assert.equal(await direction("مرحبا"), "rtl");
  assert.equal(await direction("and this"), "ltr");
  const left = (locator) => locator.evaluate((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return Math.round(range.getBoundingClientRect().left);
  });
  const [name, topic] = [page.locator("header h1"), page.locator("header .topic")];
  assert.equal(await name.evaluate((node) => getComputedStyle(node).direction), "rtl");
  assert.ok(Math.abs((await left(name)) - (await left(topic))) < 3, "the name stays where names are");
  assert.ok((await left(row(page, "مرحبا").locator(".face"))) < (await left(row(page, "مرحبا").locator(".said p"))));
  await page.context().close();
});

test("who is kept out is told so at the door, why, and where else to go", async () => {
  const owner = await person(server.url);
  await makeRoom(owner, "eva", "fechada");
  const other = await person("");
  await enterRoom(other, server.url, "fred", "fechada");
  await say(owner, "/ban fred 10 spam demais");
  await other.getByText("spam demais").waitFor();
  await other.reload();
  await other.getByRole("button", { name: "Enter", exact: true }).click();
  await other.getByRole("alert").filter({ hasText: "spam demais" }).waitFor();
  await other.getByRole("button", { name: "Try again" }).waitFor();
  await other.getByRole("button", { name: "Other rooms" }).click();
  await say(owner, "/unban fred");
  await owner.getByText("lets fred in again").waitFor();
  await other.getByRole("button", { name: /fechada/ }).click();
  await other.locator("#write").waitFor();
  for (const each of [owner, other]) await each.context().close();
});

test("a link in a message opens elsewhere, and tells nothing of where it was", async () => {
  const page = await person(server.url);
  await makeRoom(page, "gil", "links");
  await say(page, "veja [isto](https://example.org/a?b=1) ou https://example.com/x, ou [não](javascript:alert(1)) e [nem](data:text/html,x)");
  await row(page, "veja isto").waitFor();
  const links = await row(page, "veja isto").locator(".said a").evaluateAll((all) => all.map(({ href, target, rel }) => ({ href, target, rel })));
  assert.deepEqual(links.map(({ href }) => href), ["https://example.org/a?b=1", "https://example.com/x"]);
  for (const { target, rel } of links) assert.deepEqual([target, rel], ["_blank", "noopener noreferrer nofollow"]);
  await page.context().close();
});
