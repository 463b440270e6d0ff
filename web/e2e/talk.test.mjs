// Two people in two browsers and one on a plain line, in the same room: what one does, the others see.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LineClient, Server, SIZES, Wire, enterRoom, eventually, makeRoom, person, quit, row, say } from "./harness.mjs";

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

for (const [at, size] of Object.keys(SIZES).entries()) {
  for (const theme of ["light", "dark"]) {
    const room = `sala-${size}-${theme}`;
    const [ana, bia, caio] = ["ana", "bia", "caio"].map((nick) => `${nick}${at}${theme[0]}`);

    test(`the whole of a conversation, ${size}, ${theme}`, async () => {
      const one = await person(server.url, { size, theme });
      await makeRoom(one, ana, room);
      assert.equal(new URL(one.url()).pathname, `/r/${room}`);
      const two = await person("", { size, theme });
      await enterRoom(two, server.url, bia, room);
      const line = await LineClient.connect(server.port);
      line.send(`--JOIN ${room} ${caio}`);

      await say(one, "bom **dia**");
      await row(two, "bom dia").locator("strong", { hasText: "dia" }).waitFor();
      await line.expect("bom **dia**");
      line.send("oi do telnet");
      for (const page of [one, two]) await row(page, "oi do telnet").waitFor();

      // A reply with its quote, by the menu of the message.
      await row(two, "bom dia").press("m");
      await two.getByRole("menuitem", { name: "Reply" }).click();
      await say(two, `e para você, @${ana}`);
      await row(one, "e para você").locator(".quote", { hasText: "bom **dia**" }).waitFor();
      await one.locator("article.called", { hasText: "e para você" }).waitFor();
      await one.locator(".at.me").waitFor();

      // A reaction given, counted, taken away.
      await row(one, "oi do telnet").press("+");
      await one.getByRole("dialog").getByPlaceholder("Find an emoji").fill("tada");
      await one.getByRole("dialog").getByRole("button", { name: "🎉" }).click();
      const reaction = row(two, "oi do telnet").locator(".reactions button", { hasText: "🎉" });
      await reaction.click();
      await eventually(async () => (await reaction.innerText()).includes("2"));
      await reaction.click();
      await eventually(async () => (await reaction.innerText()).includes("1"));

      // A correction by arrow-up, and a deletion.
      await say(two, "isto tem um erro");
      await row(two, "isto tem um erro").waitFor();
      await two.locator("#write").press("ArrowUp");
      assert.equal(await two.locator("#write").inputValue(), "isto tem um erro");
      await say(two, "isto não tem mais erro");
      await row(one, "isto não tem mais erro").locator(".edited").waitFor();
      await row(two, "não tem mais erro").press("Delete");
      await one.locator(".gone", { hasText: "was deleted" }).waitFor();

      // A pin, the topic, a word to one person.
      await row(one, "bom dia").press("p");
      await row(two, "bom dia").locator(".pinned").waitFor();
      await say(one, "/topic prova na sexta");
      await two.locator(".topic", { hasText: "prova na sexta" }).waitFor();
      await say(one, `/msg ${bia} só para você`);
      await one.locator(".word.mine", { hasText: "só para você" }).waitFor();
      await two.goto(`${server.url}/d/${ana}`);
      assert.deepEqual(one.errors, []);
      assert.deepEqual(two.errors, []);
      line.close();
      await one.context().close();
      await two.context().close();
    });
  }
}

test("search finds, and leads to the place", async () => {
  const page = await person(server.url);
  await makeRoom(page, "eva", "busca");
  for (const text of ["o jacaré dorme", "a onça não"]) await say(page, text);
  await row(page, "a onça não").waitFor();
  await page.keyboard.press("Control+k");
  await page.locator("#search").fill("jacare");
  await page.locator(".pane li", { hasText: "jacaré" }).click();
  await eventually(() => /\/r\/busca\/\d+/.test(page.url()));
  await page.locator("article.flash", { hasText: "jacaré" }).waitFor();
  await page.goBack();
  await page.context().close();
});

test("a draft stays with its room, also over a reload; back and forward lead through the rooms", async () => {
  const page = await person(server.url);
  await makeRoom(page, "davi", "um");
  await page.locator("#write").fill("meio escrito");
  await page.getByRole("link", { name: "Other rooms" }).click();
  await page.getByRole("button", { name: "New room" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("dois");
  await page.getByRole("dialog").getByRole("button", { name: "Make the room" }).click();
  await page.getByLabel("Write in dois").waitFor();
  await page.goBack();
  await page.goBack();
  await page.getByLabel("Write in um").waitFor();
  assert.equal(await page.locator("#write").inputValue(), "meio escrito");
  await page.goForward();
  await page.goForward();
  await page.getByLabel("Write in dois").waitFor();
  await page.goto(`${server.url}/r/um`);
  await page.getByLabel("Write in um").waitFor();
  assert.equal(await page.locator("#write").inputValue(), "meio escrito");
  await page.context().close();
});

test("another tab of the same guest takes over, and can give back", async () => {
  const first = await person(server.url);
  await makeRoom(first, "gil", "abas");
  await say(first, "da primeira");
  const second = await first.context().newPage();
  await second.goto(`${server.url}/r/abas`);
  await second.getByRole("button", { name: "Go on here" }).click();
  await row(second, "da primeira").waitFor();
  await first.getByText("You went on in another tab.").waitFor();
  await first.getByRole("button", { name: "Go on here" }).click();
  await second.getByText("You went on in another tab.").waitFor();
  await first.context().close();
});

test("an account is made, logged out of and into", async () => {
  const page = await person(`${server.url}/?panel=account`);
  await page.getByRole("button", { name: "I have no account yet" }).click();
  await page.getByLabel("Account", { exact: true }).fill("hugo");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Make an account" }).click();
  await page.getByText("You are logged in", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "hugo" }).waitFor();
  await makeRoom(page, undefined, "do-hugo");
  await page.locator("nav.rail .me").click();
  await page.locator(".pane").getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are logged out").waitFor();
  await page.getByLabel("Your name").waitFor();
  assert.equal(await page.locator("nav.rail").count(), 0, "nothing of the account is left on the page");
  await page.context().close();
});

test("a room that is full, that is not there, or that one is put out of says so, with a next step", async () => {
  const owner = await person(server.url);
  await makeRoom(owner, "ines", "cheia");
  await say(owner, "/capacity 1");
  const other = await person(`${server.url}/r/cheia`);
  await other.getByLabel("Your name").fill("jonas");
  await other.getByRole("button", { name: "Enter", exact: true }).click();
  await other.getByText("is full").waitFor();
  await other.getByRole("button", { name: "Try again" }).waitFor();
  await say(owner, "/capacity 10");
  await other.getByRole("button", { name: "Try again" }).click();
  await other.locator("#write").waitFor();
  await owner.getByTitle("People").click();
  await owner.locator(".person", { hasText: "jonas" }).click();
  await owner.getByRole("button", { name: "Put out" }).click();
  await owner.getByRole("dialog").getByLabel("Why").fill("teste");
  await owner.getByRole("dialog").getByRole("button", { name: "Put out" }).click();
  await other.getByText("ines put you out of the room. teste").waitFor();
  await other.getByRole("button", { name: "Enter again" }).click();
  await other.locator("#write").waitFor();
  await say(owner, "/ban jonas 10 spam");
  await other.getByText("keeps you out of the room. spam").waitFor();
  await other.goto(`${server.url}/r/nada`);
  await other.getByLabel("Your name").waitFor();
  await other.getByRole("button", { name: "Enter", exact: true }).click();
  await other.getByText("does not exist").waitFor();
  await other.getByRole("button", { name: "Make the room" }).click();
  await other.getByLabel("Write in nada").waitFor();
  for (const page of [owner, other]) await page.context().close();
});

test("a guest link leads from its page into a private room, and back into it after a cut and a reload", async (test) => {
  let token;
  const ask = async (method, path, body) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  ({ token } = await ask("POST", "/accounts", { account: "lena", password: "uma senha bem longa" }));
  await ask("POST", "/rooms", { room: "banca", capacity: 10, visibility: "private" });
  const { number, link } = await ask("POST", "/rooms/banca/links", { for_ms: 3_600_000 });

  const wire = await Wire.lay(server.port);
  test.after(() => wire.close());
  const guest = await person(`${wire.url}${link}`);
  await guest.locator("bdi", { hasText: "banca" }).waitFor();
  await guest.locator('a[href="?app"]').click();
  await guest.getByText("You are invited").waitFor();
  await guest.getByLabel("Your name").fill("davi");
  await guest.getByRole("button", { name: "Enter", exact: true }).click();
  await guest.locator("#write").waitFor();
  assert.equal(new URL(guest.url()).pathname, "/r/banca", "the link does not stay in the address");
  await say(guest, "cheguei");

  wire.cut();
  await ask("POST", "/rooms/banca/messages", { text: "enquanto isso" });
  wire.mend();
  await row(guest, "enquanto isso").waitFor();
  await say(guest, "voltei");
  await guest.reload();
  await row(guest, "voltei").waitFor();
  await say(guest, "de novo");
  assert.deepEqual(guest.errors, []);

  await ask("DELETE", `/rooms/banca/links/${number}`);
  const late = await person(`${server.url}${link}?app`);
  await late.getByLabel("Your name").fill("tarde");
  await late.getByRole("button", { name: "Enter", exact: true }).click();
  await late.getByRole("alert").filter({ hasText: /link/i }).waitFor();
  await late.goto(`${server.url}${link}`);
  assert.equal(await late.locator("bdi").count(), 0, "a revoked link does not name its room");
});

test("the three languages, and what the browser wants is spoken first", async () => {
  for (const [locale, tagline] of [["pt-BR", "Escolha uma sala e converse."], ["es-MX", "Elige una sala y conversa."], ["de", "Pick a room and talk."]]) {
    const page = await person(server.url, { locale });
    await page.getByRole("heading", { name: tagline }).waitFor();
    await page.context().close();
  }
});

test("the shell comes without a network, and a message waits for it", async () => {
  const page = await person(server.url, { serviceWorkers: "allow" });
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  });
  await makeRoom(page, "kira", "longe");
  await server.kill();
  await page.reload();
  await page.locator(".door, #write").first().waitFor();
  await server.run();
  await page.locator("#write").waitFor();
  await page.context().close();
});

test("a pasted block of code is a block of code for others, with colours, to be copied", async () => {
  const page = await person(server.url, { permissions: ["clipboard-read", "clipboard-write"] });
  await makeRoom(page, "lia", "codigo");
  const code = "fn main() {\n    let x = 1; // um\n    println!(\"{x}\");\n}";
  await page.locator("#write").focus();
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.querySelector("#write").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, code);
  await page.locator("#write").press("Enter");
  await page.locator("pre .word", { hasText: "fn" }).waitFor();
  assert.equal((await page.locator("pre").innerText()).trim(), code);
  await page.getByRole("button", { name: "Copy the code" }).click();
  assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), code);
  await page.context().close();
});
