// Who keeps order: guest links, what was done, earlier texts, deleting what someone said, how long a room
// keeps its messages, and where one is logged in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, enterRoom, eventually, logIn, makeRoom, person, quit, row, say } from "./harness.mjs";

let server;
let owner;
before(async () => {
  server = await Server.start();
  owner = await person("", { permissions: ["clipboard-read", "clipboard-write"] });
  await logIn(owner, server.url, "ana");
  await makeRoom(owner, undefined, "prova");
});
after(async () => {
  await quit();
  await server.stop();
});

/** Opens what the room's menu offers. */
async function menu(page, name) {
  await page.getByRole("button", { name: "Room menu" }).click();
  await page.getByRole("menuitem", { name }).click();
}

test("a guest link is made with its limits, copied, drawn, used, listed and revoked", async () => {
  await menu(owner, "Guest links");
  const pane = owner.locator(".pane");
  await pane.getByText("None yet.").waitFor();
  await pane.getByLabel("Good for").selectOption({ label: "1 hour" });
  await pane.getByLabel("Uses").fill("2");
  await pane.getByLabel("In at the same time").fill("5");
  await pane.getByRole("button", { name: "Make a link" }).click();
  const address = await pane.getByLabel("Address of the link").inputValue();
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/i\/[\w-]+$/);
  await pane.getByRole("button", { name: "Copy the link" }).click();
  assert.equal(await owner.evaluate(() => navigator.clipboard.readText()), address);
  const image = pane.getByRole("img", { name: "QR code" });
  await eventually(() => image.evaluate((node) => node.complete && node.naturalWidth > 0));

  const guest = await person(`${address}?app`);
  await guest.getByLabel("Your name").fill("davi");
  await guest.getByRole("button", { name: "Enter", exact: true }).click();
  await guest.locator("#write").waitFor();
  await guest.getByRole("button", { name: "Room menu" }).click();
  assert.equal(await guest.getByRole("menuitem", { name: "Guest links" }).count(), 0, "a guest is not offered to make one");
  await guest.context().close();

  await pane.getByRole("button", { name: "Another link" }).click();
  await pane.getByLabel("They stay when the room is closed").check();
  await pane.getByRole("button", { name: "Make a link" }).click();
  await pane.locator("li", { hasText: "Link 2" }).filter({ hasText: "member" }).waitFor();
  const first = pane.locator("li", { hasText: "Link 1" });
  await first.filter({ hasText: "1 use left" }).filter({ hasText: "5 at a time" }).waitFor();
  await first.getByRole("button", { name: "Revoke" }).click();
  await first.filter({ hasText: "revoked" }).waitFor();
  assert.equal((await fetch(address)).status, 404);
  assert.deepEqual(owner.errors, []);
});

test("what was done is written down, with what the others are not told", async () => {
  await say(owner, "/slow 7");
  await say(owner, "/slow 0");
  await menu(owner, "Keeping order");
  const pane = owner.locator(".pane");
  await pane.getByLabel("Regular expression").fill("bobagem.*");
  await pane.locator("form.add").getByRole("button").click();
  await pane.locator("code", { hasText: "bobagem" }).waitFor();
  await pane.getByRole("button", { name: "What was done" }).click();
  await pane.locator("li").first().filter({ hasText: "+ bobagem.*" }).waitFor();
  await pane.locator("li", { hasText: "ana set slow mode: 7 s" }).waitFor();
  const outsider = await person("");
  await enterRoom(outsider, server.url, "fora", "prova");
  await outsider.goto(`${server.url}/r/prova?panel=audit`);
  await outsider.getByText("This is for moderators").waitFor();
  await outsider.context().close();
});

test("the room's owner sets how long messages are kept", async () => {
  await owner.goto(`${server.url}/r/prova?panel=order`);
  const pane = owner.locator(".pane");
  await pane.getByLabel("Messages kept").fill("500");
  await pane.getByLabel("Messages kept").press("Tab");
  await owner.getByText("ana changed how long messages are kept").waitFor();
  await pane.getByLabel("Days kept").fill("30");
  await pane.getByLabel("Days kept").press("Tab");
  await eventually(async () => {
    await owner.reload();
    await pane.getByLabel("Days kept").waitFor();
    return (await pane.getByLabel("Days kept").inputValue()) === "30" && (await pane.getByLabel("Messages kept").inputValue()) === "500";
  });
});

test("a moderator reads earlier texts, and deletes all that someone said", async () => {
  await owner.goto(`${server.url}/r/prova`);
  const guest = await person("");
  await enterRoom(guest, server.url, "caio", "prova");
  for (const text of ["primeiro texto", "outra coisa"]) await say(guest, text);
  await row(guest, "outra coisa").waitFor();
  await row(guest, "primeiro texto").press("e");
  await say(guest, "texto mudado");
  await row(owner, "texto mudado").locator(".edited").waitFor();
  await row(owner, "texto mudado").press("m");
  await owner.getByRole("menuitem", { name: "Earlier texts" }).click();
  const dialog = owner.getByRole("dialog");
  await dialog.getByText("primeiro texto").waitFor();
  await dialog.getByText("texto mudado").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();

  await owner.getByTitle("People").click();
  await owner.locator(".person", { hasText: "caio" }).click();
  await owner.getByRole("button", { name: "Delete all they said" }).click();
  await owner.getByRole("dialog").getByLabel("Said in the last").selectOption({ label: "all of it" });
  await owner.getByRole("dialog").getByRole("button", { name: "Delete all they said" }).click();
  await owner.getByText("What caio said is gone").waitFor();
  await eventually(async () => (await guest.locator("article.row .gone").count()) === 2);
  assert.equal(await guest.getByText("texto mudado").count(), 0);
  assert.deepEqual([...owner.errors, ...guest.errors], []);
  await guest.context().close();
});

test("one sees where one is logged in, and ends it elsewhere", async () => {
  const other = await person("");
  await logIn(other, server.url, "ana", false);
  await owner.goto(`${server.url}/?panel=account`);
  const devices = owner.locator(".pane li");
  await devices.filter({ hasText: "this device" }).filter({ hasText: "papo-web Chrome Linux" }).waitFor();
  await devices.filter({ hasText: "last used" }).getByRole("button", { name: "Log out" }).click();
  await owner.getByText("Logged out there").waitFor();
  assert.equal(await devices.count(), 1);
  await other.getByRole("button", { name: "Log in", exact: true }).waitFor();
  await other.context().close();
});
