// Every screen at both sizes and in both themes: no violation of WCAG that axe finds, nothing wider
// than the screen, and its picture: in target/web-images, or in WEB_IMAGES (docs/images/web has those of the last look).

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LineClient, PASSWORD, ROOT, Server, SIZES, api, enterRoom, logIn, person, quit, row, say } from "./harness.mjs";

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
  const ask = (method, path, token, body) => api(server.url, method, path, token, body);
  const { token } = await ask("POST", "/accounts", undefined, { account: "ana", password: PASSWORD });
  const topics = { redes: "Aula 7: sockets, prazos e dúvidas", sistemas: "Escalonadores, com exercícios", cafe: "Onde se fala de tudo", "banca-de-tcc": undefined };
  for (const [at, [room, topic]] of Object.entries(topics).entries()) {
    await ask("POST", "/rooms", token, { room, capacity: [40, 30, 12, 5][at] });
    if (topic) await ask("PATCH", `/rooms/${room}`, token, { topic });
  }
  const ana = await person("");
  await logIn(ana, server.url, "ana", false);
  await ana.goto(`${server.url}/r/redes`);
  await say(ana, "Bom dia! Subi o **enunciado** da tarefa 3, com o prazo em [moodle](https://example.org/tarefa-3).");
  await say(ana, "Quem já começou?");
  const bia = await person("");
  await logIn(bia, server.url, "bia");
  await bia.goto(`${server.url}/r/redes`);
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
  // What a moderator's panels show, in a room where it disturbs nobody.
  await ana.goto(`${server.url}/r/sistemas`);
  const vendor = await LineClient.connect(server.port);
  vendor.send("--JOIN sistemas vendedor");
  await vendor.expect("sistemas");
  vendor.send("Ganhe dinheiro sem sair de casa");
  await row(ana, "Ganhe dinheiro").waitFor();
  for (const command of ["/slow 10", "/mute vendedor 60 propaganda", "/ban vendedor 1440 propaganda de novo", "/slow 0"]) await say(ana, command);
  await ana.getByText("ana set slow mode: 0 s").waitFor();
  await ask("POST", "/rooms/sistemas/moderation", token, { do: "filter", pattern: "ganhe dinheiro" });
  await ask("POST", "/rooms/sistemas/links", token, { for_ms: 7_200_000, uses: 40, capacity: 30 });
  await ana.goto(`${server.url}/d/bia`);
  await say(ana, "Oi, bia! Você corrige a parte B?");
  await row(ana, "parte B").waitFor();
  await bia.goto(`${server.url}/d/ana`);
  await row(bia, "parte B").waitFor();
  await say(bia, "Corrijo. Mando até **sexta**.");
  await row(ana, "até sexta").waitFor();
  await ana.context().close();
  await bia.context().close();
}

/** Goes to an address without loading the page anew. */
async function show(page, address) {
  await page.evaluate((address) => {
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);
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
      for (const panel of ["people", "pins", "search", "settings", "help", "account"]) {
        await show(page, `/r/redes?panel=${panel}`);
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

for (const size of Object.keys(SIZES)) {
  for (const theme of ["light", "dark"]) {
    test(`the screens of who keeps order and has an account, ${size}, ${theme}`, async () => {
      const name = (screen) => `${screen}-${size}-${theme}`;
      const page = await person("", { size, theme, bypassCSP: true });
      await logIn(page, server.url, "ana", false);
      await page.goto(`${server.url}/r/sistemas`);
      await row(page, "Ganhe dinheiro").waitFor();
      await page.getByRole("button", { name: "Room menu" }).click();
      await page.getByRole("menuitem", { name: "Guest links" }).waitFor();
      await look(page, name("room-menu"));
      await page.keyboard.press("Escape");
      for (const panel of ["order", "audit", "links"]) {
        await show(page, `/r/sistemas?panel=${panel}`);
        await page.locator(".pane li").first().waitFor();
        await look(page, name(panel));
      }
      await page.getByRole("button", { name: "Make a link" }).click();
      await page.getByRole("img", { name: "QR code" }).evaluate((image) => image.decode());
      await look(page, name("link"));
      await show(page, "/r/sistemas");
      await row(page, "Ganhe dinheiro").press("m");
      await page.getByRole("menuitem", { name: "Keep vendedor out" }).click();
      await page.getByRole("dialog").waitFor();
      await look(page, name("ban"));
      await page.keyboard.press("Escape");
      await show(page, "/d/bia");
      await row(page, "até sexta").waitFor();
      await look(page, name("two"));
      await show(page, "/");
      await page.getByRole("heading", { name: "Where to?" }).waitFor();
      await page.getByText("Onde se fala de tudo").waitFor();
      await look(page, name("back"));
      await show(page, "/?panel=account");
      await page.getByText("this device").waitFor();
      await look(page, name("devices"));
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
  await show(page, "/");
  await page.getByText("Onde se fala de tudo").waitFor();
  await look(page, "entrance-320");
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
