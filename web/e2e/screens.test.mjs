// Every screen at both sizes and in both themes: no violation of WCAG that axe finds, nothing wider
// than the screen, and its picture: in target/web-images, or in WEB_IMAGES (docs/images/web has those of the last look).

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LineClient, ROOT, Server, SIZES, enterRoom, makeRoom, person, quit, row, say } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const IMAGES = process.env.WEB_IMAGES ?? join(ROOT, "target/web-images");

let server;
let line;
before(async () => {
  server = await Server.start();
  mkdirSync(IMAGES, { recursive: true });
  await furnish();
});
after(async () => {
  line.close();
  await quit();
  await server.stop();
});

/** A class that has been going on for a while. */
async function furnish() {
  const ana = await person(server.url);
  await makeRoom(ana, "ana", "redes");
  await say(ana, "/topic Aula 7: sockets, prazos e dúvidas");
  await say(ana, "Bom dia! Subi o **enunciado** da tarefa 3, com o prazo em [moodle](https://example.org/tarefa-3).");
  await say(ana, "Quem já começou?");
  const bia = await person("");
  await enterRoom(bia, server.url, "bia", "redes");
  await say(bia, "Eu! Travei no `select()`: ele volta na hora com um socket fechado.");
  line = await LineClient.connect(server.port);
  line.send("--JOIN redes caio");
  await line.expect("redes");
  line.send("No telnet aqui, e dá na mesma :)");
  await row(ana, "No telnet").waitFor();
  await row(ana, "Travei").press("r");
  await say(ana, "Um socket fechado está sempre *pronto para ler*: `recv` devolve 0. Leia até 0 e tire o descritor do conjunto.");
  await row(bia, "sempre pronto").waitFor();
  await say(bia, "Era isso mesmo, obrigada @ana!");
  await row(ana, "Era isso").waitFor();
  for (const [text, emoji] of [["enunciado", "👍"], ["Era isso", "❤️"], ["sempre pronto", "👍"]]) {
    await row(ana, text).hover();
    await row(ana, text).getByRole("button", { name: `React with ${emoji}` }).click();
    await row(ana, text).locator(".reactions", { hasText: emoji }).waitFor();
  }
  await row(ana, "enunciado").press("p");
  await row(ana, "enunciado").locator(".pinned").waitFor();
  for (const [room, capacity] of [["sistemas", 30], ["cafe", 12], ["banca-de-tcc", 5]]) {
    const owner = await LineClient.connect(server.port);
    owner.send(`--CREATE ${room} ${capacity} ${room.slice(0, 3)}`);
    await owner.expect(room);
  }
  await ana.context().close();
  await bia.context().close();
}

async function look(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  await page.evaluate(AXE);
  const found = await page.evaluate(async (rules) => {
    const result = await axe.run(document, { runOnly: rules });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join("; ")}`);
  }, RULES);
  assert.deepEqual(found, [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
}

for (const size of Object.keys(SIZES)) {
  for (const theme of ["light", "dark"]) {
    test(`the screens, ${size}, ${theme}`, async () => {
      const name = (screen) => `${screen}-${size}-${theme}`;
      // axe reads the page by scripts of its own; what the policy says is tested elsewhere.
      const page = await person(server.url, { size, theme, bypassCSP: true });
      await page.getByRole("button", { name: /redes/ }).waitFor();
      await look(page, name("entrance"));
      await page.getByRole("button", { name: "New room" }).click();
      await look(page, name("new-room"));
      await page.keyboard.press("Escape");
      await page.goto(`${server.url}/r/redes`);
      await page.getByLabel("Your name").fill(`d${size}${theme}`);
      await look(page, name("door"));
      await page.getByRole("button", { name: "Enter", exact: true }).click();
      await row(page, "Era isso").waitFor();
      await look(page, name("room"));
      for (const panel of ["people", "pins", "search", "settings", "help", "account", "order"]) {
        await page.evaluate((panel) => {
          history.pushState(null, "", `/r/redes?panel=${panel}`);
          dispatchEvent(new PopStateEvent("popstate"));
        }, panel);
        await page.locator(".pane .inside > *").first().waitFor();
        if (panel === "search") {
          await page.locator("#search").fill("socket");
          await page.locator(".pane li").first().waitFor();
        }
        await look(page, name(panel));
      }
      await page.locator(".pane").getByRole("button", { name: "Close" }).click();
      await row(page, "No telnet").press("m");
      await look(page, name("menu"));
      await page.keyboard.press("Escape");
      await page.locator("#write").fill("/");
      await page.getByRole("listbox").waitFor();
      await look(page, name("commands"));
      await page.locator("#write").fill("");
      await row(page, "No telnet").press("+");
      await page.getByRole("dialog").getByPlaceholder("Find an emoji").waitFor();
      await look(page, name("emoji"));
      await page.keyboard.press("Escape");
      await page.goto(`${server.url}/d/bia`);
      await page.locator(".words").waitFor();
      await look(page, name("direct"));
      await page.goto(`${server.url}/r/nada`);
      await page.locator(".why").waitFor();
      await look(page, name("no-room"));
      assert.deepEqual(page.errors, []);
      await page.context().close();
    });
  }
}

test("the smallest phone has everything, and nothing beside it", async () => {
  const page = await person(server.url, { size: "phone", viewport: { width: 320, height: 568 }, bypassCSP: true });
  await enterRoom(page, server.url, "mini", "redes");
  await row(page, "Era isso").waitFor();
  await look(page, "room-320");
  await page.context().close();
});

test("without a connection the page says so, and how to go on", async () => {
  const page = await person("", { bypassCSP: true });
  await enterRoom(page, server.url, "offline", "redes");
  await page.context().setOffline(true);
  await say(page, "isto espera pela rede");
  await page.getByText("You are offline.").waitFor();
  await look(page, "offline-desk-light");
  await page.context().setOffline(false);
  await page.locator(".pending").waitFor({ state: "detached" });
  await row(page, "isto espera").waitFor();
  await page.context().close();
});
