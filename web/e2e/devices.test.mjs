// One person on two devices: rooms of two that are kept, and what is unread, the same on both.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, enterRoom, eventually, logIn, makeRoom, person, quit, row, say } from "./harness.mjs";

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

/** The entry of the rail with this name. */
const entry = (page, name) => page.locator("nav.rail li a", { has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }) });
const count = (page, name) => entry(page, name).locator(".count");
const gone = (locator) => locator.waitFor({ state: "detached" });

test("two accounts share a room, with its history, on all their devices", async () => {
  const [ana, bia] = [await person(""), await person("")];
  await logIn(ana, server.url, "ana");
  await logIn(bia, server.url, "bia");
  await ana.goto(`${server.url}/d/bia`);
  await ana.getByLabel("Write to bia").waitFor();
  await ana.getByText("It is kept, on all your devices.").waitFor();
  await say(ana, "só entre **nós**");

  // She is told at once, though she looks elsewhere, and answers.
  await count(bia, "ana").filter({ hasText: "1" }).waitFor();
  await eventually(async () => (await bia.title()).startsWith("(1)"));
  await entry(bia, "ana").click();
  await row(bia, "só entre nós").locator("strong").waitFor();
  await gone(count(bia, "ana"));
  await row(bia, "só entre").press("r");
  await say(bia, "combinado");
  await row(ana, "combinado").locator(".quote", { hasText: "só entre" }).waitFor();
  await ana.getByText("here now").waitFor();

  // The other device has it all, and so has this one after a reload.
  const other = await person("");
  await logIn(other, server.url, "ana", false);
  await entry(other, "bia").click();
  for (const text of ["só entre", "combinado"]) await row(other, text).waitFor();
  await row(ana, "combinado").press("+");
  await ana.getByRole("dialog").getByPlaceholder("Find an emoji").fill("tada");
  await ana.getByRole("dialog").getByRole("button", { name: "🎉" }).click();
  await row(bia, "combinado").locator('.reactions button[aria-pressed="false"]', { hasText: "🎉" }).waitFor();
  await ana.reload();
  const mine = row(ana, "combinado").locator('.reactions button[aria-pressed="true"]', { hasText: "🎉" });
  await mine.waitFor();
  await row(other, "combinado").locator('.reactions button[aria-pressed="true"]').waitFor();
  await mine.click();
  await row(bia, "combinado").locator(".reactions").waitFor({ state: "detached" });
  await say(other, "do outro aparelho");
  for (const page of [ana, bia]) await row(page, "do outro aparelho").waitFor();

  // An address of a message leads to it; pins and search are there as in any room.
  await row(ana, "combinado").locator("a.time").click();
  assert.match(ana.url(), /\/d\/bia\/\d+$/);
  await ana.reload();
  await ana.locator("article.flash", { hasText: "combinado" }).waitFor();

  // A word in passing, from a line client for one, stands among the rest.
  await ana.goto(server.url);
  await say(bia, "/leave");
  for (const page of [ana, bia, other]) assert.deepEqual(page.errors, []);
  for (const page of [ana, bia, other]) await page.context().close();
});

test("with a guest, words pass and are not kept", async () => {
  const clara = await person("");
  await logIn(clara, server.url, "clara");
  await makeRoom(clara, undefined, "visitas");
  const guest = await person("");
  await enterRoom(guest, server.url, "gabi", "visitas");
  await say(guest, "/msg clara oi de passagem");
  await guest.locator(".word.mine", { hasText: "oi de passagem" }).waitFor();
  await guest.getByText("nobody keeps it").waitFor();
  await count(clara, "gabi").waitFor();
  await entry(clara, "gabi").click();
  await clara.locator(".word", { hasText: "oi de passagem" }).waitFor();
  await clara.getByText("gabi has no account").waitFor();
  await gone(count(clara, "gabi"));
  await clara.locator("#write").fill("oi, gabi");
  await clara.keyboard.press("Enter");
  await guest.locator(".word", { hasText: "oi, gabi" }).waitFor();
  for (const page of [clara, guest]) assert.deepEqual(page.errors, []);
  for (const page of [clara, guest]) await page.context().close();
});

test("what is unread is counted by the server, and read on one device is read on all", async () => {
  const first = await person("");
  await logIn(first, server.url, "duda");
  await makeRoom(first, undefined, "turma");
  await say(first, "começo");
  await row(first, "começo").waitFor();
  const second = await person("");
  await logIn(second, server.url, "duda", false);
  await second.goto(`${server.url}/r/turma`);
  await row(second, "começo").waitFor();
  const guest = await person("");
  await enterRoom(guest, server.url, "edu", "turma");
  for (const page of [first, second]) await page.getByRole("link", { name: "Other rooms" }).click();

  await say(guest, "primeira");
  await say(guest, "oi, @duda");
  for (const page of [first, second]) await count(page, "turma").filter({ hasText: "2" }).waitFor();
  assert.ok(await count(first, "turma").evaluate((node) => node.classList.contains("called")));

  // After a reload, and on a device that was never in the room, it is the same.
  await second.reload();
  await count(second, "turma").filter({ hasText: "2" }).waitFor();
  const third = await person("");
  await logIn(third, server.url, "duda", false);
  await third.getByRole("button", { name: /turma/ }).locator(".count", { hasText: "2" }).waitFor();

  await entry(first, "turma").click();
  await row(first, "oi, @duda").waitFor();
  await first.getByText("New", { exact: true }).waitFor();
  for (const page of [first, second]) await gone(count(page, "turma"));
  await gone(third.locator("li .count"));
  for (const page of [first, second, third, guest]) assert.deepEqual(page.errors, []);
  for (const page of [first, second, third, guest]) await page.context().close();
});

test("the list of rooms tells what each is about", async () => {
  const owner = await person(server.url);
  await makeRoom(owner, "olga", "horta");
  await say(owner, "/topic o que plantar em maio");
  await owner.locator("button.topic", { hasText: "o que plantar em maio" }).waitFor();
  const page = await person(server.url);
  await page.getByRole("button", { name: /horta.*o que plantar em maio/s }).waitFor();
  for (const each of [owner, page]) await each.context().close();
});
