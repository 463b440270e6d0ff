// The whole of it by keys alone: enter, read, write, react, search, keep order. No pointer is used.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, enterRoom, eventually, person, quit, row } from "./harness.mjs";

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

/** Goes on with TAB until what has the focus is called so. */
async function tabTo(page, name, key = "Tab") {
  const called = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "";
      return at?.getAttribute("aria-label") ?? at?.labels?.[0]?.innerText ?? at?.innerText ?? "";
    });
  for (let step = 0; step < 60; step += 1) {
    if ((await called()).includes(name)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`no way to ${name} by ${key}; the last one was ${await called()}`);
}

/** Goes through a menu until this is its item. */
async function tabToItem(page, name) {
  for (let step = 0; step < 20; step += 1) {
    if ((await page.evaluate(() => document.activeElement?.innerText ?? "")).includes(name)) return;
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`no way to ${name}`);
}

/** What has the focus can be seen to have it. */
async function seesFocus(page) {
  const shown = await page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const near = getComputedStyle(at.closest(".box, label") ?? at);
    return style.outlineStyle !== "none" || near.boxShadow !== "none" || near.outlineStyle !== "none";
  });
  assert.ok(shown, "the focus is visible");
}

test("enter, write, read, react, search and keep order without a pointer", async () => {
  const page = await person(server.url);
  await tabTo(page, "Your name");
  await seesFocus(page);
  await page.keyboard.type("ana");
  await tabTo(page, "New room");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await tabTo(page, "Name");
  await page.keyboard.type("teclas");
  await page.keyboard.press("Enter");
  await page.locator("#write").waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.id === "write"));
  await seesFocus(page);

  const other = await person("");
  await enterRoom(other, server.url, "bia", "teclas");
  await page.keyboard.type("primeira, oi @b");
  await page.getByRole("option", { name: "@bia" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await row(other, "primeira, oi @bia").waitFor();
  await page.keyboard.type("segunda");
  await page.keyboard.press("Enter");
  await row(page, "segunda").waitFor();

  // To the messages, through them, and what one may do there.
  await page.keyboard.press("Shift+F6");
  await eventually(() => page.evaluate(() => document.activeElement?.matches("article.row")));
  await seesFocus(page);
  await page.keyboard.press("Home");
  await eventually(() => page.evaluate(() => document.activeElement?.innerText.includes("primeira")));
  await page.keyboard.press("+");
  await page.getByRole("dialog").getByPlaceholder("Find an emoji").waitFor();
  await page.keyboard.type("rocket");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await row(other, "primeira").locator(".reactions", { hasText: "🚀" }).waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.matches("article.row")));
  await page.keyboard.press("r");
  await page.keyboard.type("respondo a mim");
  await page.keyboard.press("Enter");
  await row(other, "respondo a mim").locator(".quote", { hasText: "primeira" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  await page.keyboard.type(" mesma");
  await page.keyboard.press("Enter");
  await row(other, "respondo a mim mesma").waitFor();
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Reply" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await other.locator(".gone").waitFor();

  // Search, and back to writing.
  await page.keyboard.press("Control+k");
  await eventually(() => page.evaluate(() => document.activeElement?.id === "search"));
  await page.keyboard.type("segunda");
  await page.locator("aside li a").waitFor();
  await tabTo(page, "segunda");
  await page.keyboard.press("Enter");
  await page.locator("article.flash", { hasText: "segunda" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");

  // Help, and moderation by its command and by the people panel.
  await page.keyboard.type("/kick bia teste");
  await page.keyboard.press("Enter");
  await other.getByText("ana put you out of the room.").waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("aside").waitFor({ state: "detached" });
  assert.deepEqual(page.errors, []);
});

test("silence, keep out and let in again without a pointer: by the list of people and by a message", async () => {
  const page = await person(server.url);
  await page.getByLabel("Your name").fill("olga");
  await page.getByRole("button", { name: "New room" }).first().click();
  await page.keyboard.type("ordem");
  await page.keyboard.press("Enter");
  await page.locator("#write").waitFor();
  const other = await person("");
  await enterRoom(other, server.url, "paulo", "ordem");
  await page.locator(".present", { hasText: "2" }).waitFor();

  await tabTo(page, "People", "Shift+Tab");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await tabTo(page, "paulo");
  await page.keyboard.press("Enter");
  await tabTo(page, "Silence");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Silence paulo?" }).waitFor();
  await tabTo(page, "For how long");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "Why");
  await page.keyboard.type("barulho");
  await tabTo(page, "Cancel");
  await page.keyboard.press("Tab");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await other.getByText("olga silenced paulo. barulho").waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.textContent === "Silence"));
  await page.keyboard.press("Escape");
  await page.keyboard.type("/unmute paulo");
  await page.keyboard.press("Enter");
  await other.getByText("olga lets paulo speak again").waitFor();

  await other.locator("#write").fill("compre já");
  await other.keyboard.press("Enter");
  await row(page, "compre já").waitFor();
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Keep paulo out" }).waitFor();
  await tabToItem(page, "Keep paulo out");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Keep paulo out of the room?" }).waitFor();
  await tabTo(page, "Why");
  await page.keyboard.type("propaganda");
  await page.keyboard.press("Enter");
  await other.getByText("olga keeps you out of the room. propaganda").waitFor();

  // What is in force, and how it is taken back.
  await page.keyboard.press("/");
  await page.keyboard.type("/order");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.locator(".pane li", { hasText: "paulo" }).waitFor();
  await tabTo(page, "Undo");
  await seesFocus(page);
  await page.keyboard.press("Enter");
  await page.getByText("olga lets paulo in again").waitFor();
  assert.deepEqual(page.errors, []);
});

test("what is said is said to a screen reader, politely, and only once", async () => {
  const page = await person(server.url);
  await page.getByLabel("Your name").fill("rita");
  await page.getByRole("button", { name: /teclas/ }).click();
  await page.locator("#write").waitFor();
  const other = await person("");
  await enterRoom(other, server.url, "sara", "teclas");
  await other.locator("#write").fill("bom dia a todos");
  await other.keyboard.press("Enter");
  const log = page.locator("[role=log][aria-live=polite]");
  await eventually(async () => (await log.innerText()).includes("sara says: bom dia a todos"));
  assert.equal((await log.innerText()).split("bom dia a todos").length, 2);
});
