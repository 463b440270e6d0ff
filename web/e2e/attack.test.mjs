// Hundreds of hostile texts in every place that others see: they stay text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LineClient, Server, eventually, makeRoom, person, quit } from "./harness.mjs";

const BEGIN = ["<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", "<iframe src=javascript:hit()>", "<a href=javascript:hit()>x</a>", "<body onload=hit()>", "<math><mtext><img src onerror=hit()>", "<style>@import'javascript:hit()'</style>", "<input autofocus onfocus=hit()>", "<details open ontoggle=hit()>"];
const AROUND = [
  (text) => text,
  (text) => `**${text}**`,
  (text) => `\`${text}\``,
  (text) => `[${text}](https://example.org)`,
  (text) => `[x](${text})`,
  (text) => `> ${text}`,
  (text) => `- ${text}`,
  (text) => `@${text}`,
  (text) => `"'>${text}`,
  (text) => `x --><!--${text}`,
  (text) => `{@html "${text}"} {${text}}`,
  (text) => `\u202e${text}\u2066`,
  (text) => text.replaceAll("<", "&lt;"),
  (text) => `</textarea>${text}`,
];
const LINKS = ["javascript:hit()", "JaVaScRiPt:hit()", "java\tscript:hit()", " javascript:hit()", "data:text/html,<script>hit()</script>", "vbscript:hit()", "file:///etc/passwd", "blob:http://x/1", "//evil.example/x", "javascript&colon;hit()"].flatMap((url) => [`[a](${url})`, `[a](<${url}>)`, `<${url}>`, url]);
const BIDI = ["\u202eabc", "\u2066\u202e/evil\u2069", "שלום <b>hit</b>", "العربية <img src=x onerror=hit()>", "a\u0000b", "\u200b\u200d\ufeff", "e\u0301".repeat(40), "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "👩‍👩‍👧‍👦".repeat(20), "x".repeat(3000)];
const ATTACKS = [...BEGIN.flatMap((text) => AROUND.map((around) => around(text))), ...LINKS, ...BIDI, ...BIDI.map((text) => `**${text}**`)];

let server;
before(async () => (server = await Server.start({ FLOOD_MESSAGES_PER_SECOND: 0 })));
after(async () => {
  await quit();
  await server.stop();
});

/** What must not be on the page, however it got there. */
function harm(page) {
  return page.evaluate(() => {
    const own = new Set(["HTML", "HEAD", "BODY"]);
    const bad = [];
    for (const each of document.querySelectorAll("*")) {
      if (each.matches("body script, iframe, object, embed, base, math, #app style, #app img")) bad.push(each.outerHTML.slice(0, 100));
      for (const { name, value } of each.attributes) {
        if (name.startsWith("on")) bad.push(`${each.tagName} ${name}=${value}`);
        if ((name === "href" || name === "src") && !own.has(each.tagName) && !/^(https?:\/\/|mailto:|\/)/.test(value) && !value.startsWith("#")) bad.push(`${name}=${value}`);
      }
    }
    for (const link of document.querySelectorAll("article.row .said a")) {
      if (link.rel !== "noopener noreferrer nofollow" || link.target !== "_blank") bad.push(link.outerHTML);
    }
    return { bad, hits: globalThis.hits ?? 0 };
  });
}

test(`${ATTACKS.length} hostile messages, topics, words and quotes stay text`, async () => {
  assert.ok(ATTACKS.length >= 200);
  const page = await person("");
  await page.addInitScript(() => {
    globalThis.hits = 0;
    globalThis.hit = globalThis.alert = () => (globalThis.hits += 1);
  });
  await page.goto(server.url);
  await makeRoom(page, "ana", "ataques");
  const line = await LineClient.connect(server.port);
  line.send("--JOIN ataques mallory");
  await line.expect("ataques");
  for (const [at, text] of ATTACKS.entries()) {
    line.send(`${text} #${at}`);
    if (at % 10 === 0) line.send(`--TOPIC ${text}`);
    if (at % 10 === 5) line.send(`--MSG ana ${text}`);
    if (at % 20 === 19) {
      // Each is on the screen once before it scrolls away.
      await eventually(() => page.evaluate((at) => document.querySelector("#timeline").innerText.includes(`#${at}`), at), () => `no ${at}: ${text}`);
      assert.deepEqual(await harm(page), { bad: [], hits: 0 });
    }
  }
  // In an answer's quote, in a search result, in what is being written, in a notice, in the words.
  line.send("--REPLY 2 <img src=x onerror=hit()> resposta");
  await page.locator(".quote").waitFor();
  await page.locator("#write").fill("<img src=x onerror=hit()>");
  await page.keyboard.press("Control+k");
  await page.locator("#search").fill("hit");
  await page.locator("aside li").first().waitFor();
  assert.deepEqual(await harm(page), { bad: [], hits: 0 });
  await page.locator("nav a", { hasText: "mallory" }).click();
  await page.locator(".word").first().waitFor();
  assert.deepEqual(await harm(page), { bad: [], hits: 0 });
  assert.deepEqual(page.errors, []);
});

test("hostile names and addresses lead nowhere", async () => {
  const page = await person("");
  await page.addInitScript(() => (globalThis.hit = globalThis.alert = () => (globalThis.hits = 1)));
  for (const text of [...BEGIN, "javascript:hit()", "../../x", "%2e%2e", "'\"><svg onload=hit()>", "\u202eabc"]) {
    for (const place of ["r", "d", "i"]) {
      // Of a guest link the path alone is a page of the server's.
      const query = place === "i" ? "app&panel" : "panel";
      await page.goto(`${server.url}/${place}/${encodeURIComponent(text)}?${query}=${encodeURIComponent(text)}`);
      await page.locator("#main").waitFor();
      assert.deepEqual(await harm(page), { bad: [], hits: 0 });
    }
  }
  for (const text of BEGIN) {
    await page.goto(`${server.url}/i/${encodeURIComponent(text)}`);
    await page.locator("main").waitFor();
    // The page's own icon is the one thing in it with such an address.
    await page.locator("link[rel=icon]").evaluate((icon) => icon.remove());
    assert.deepEqual(await harm(page), { bad: [], hits: 0 });
  }
  await page.goto(server.url);
  await page.getByRole("button", { name: /ataques/ }).waitFor();
  await page.getByLabel("Your name").fill("<img src=x onerror=hit()>");
  await page.getByRole("button", { name: /ataques/ }).click();
  await page.getByText("A name has letters").waitFor();
  assert.deepEqual(page.errors, []);
});

test("the page's own policy stops a script that got in all the same", async () => {
  const page = await person(server.url);
  const outcome = await page.evaluate(() => {
    const tried = [];
    const script = document.createElement("script");
    try {
      script.text = "globalThis.hits = 1";
      document.head.append(script);
    } catch (error) {
      tried.push(error.name);
    }
    try {
      document.body.innerHTML += "<img src=x onerror='globalThis.hits = 1'>";
    } catch (error) {
      tried.push(error.name);
    }
    return { tried, hits: globalThis.hits ?? 0 };
  });
  assert.deepEqual(outcome, { tried: ["TypeError", "TypeError"], hits: 0 });
});
