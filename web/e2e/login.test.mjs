// Where the login of a browser is kept: out of reach of whatever script gets into the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, eventually, makeRoom, person, quit, row, say } from "./harness.mjs";

const PASSWORD = "uma senha bem longa";

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await quit();
  await server.stop();
});

/** All that a script in the page can read of what the browser keeps. */
function kept(page) {
  return page.evaluate(async () => {
    const all = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name } of await indexedDB.databases()) all.push(name);
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) all.push(request.url);
    }
    return all.join("\n");
  });
}

async function account(page) {
  await page.goto(new URL("?panel=account", page.url()).href);
}

async function register(page, nick) {
  await account(page);
  await page.getByRole("button", { name: "I have no account yet" }).click();
  await page.getByLabel("Account", { exact: true }).fill(nick);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make an account" }).click();
  await page.getByText("You are logged in").waitFor();
}

async function isLoggedIn(page, nick) {
  await account(page);
  await page.getByText("You are logged in as").filter({ hasText: nick }).waitFor();
}

test("no script can read the token, and a reload stays logged in", async () => {
  const page = await person(server.url);
  await makeRoom(page, "olga", "cofre");
  await register(page, "olga");
  const all = await kept(page);
  assert.ok(!all.includes("papo_") && !all.includes("papo-session"), all);
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.name, "papo-session");
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict" && cookie.value.startsWith("papo_"));

  await isLoggedIn(page, "olga");
  const tab = await page.context().newPage();
  await tab.goto(`${server.url}/r/cofre`);
  await say(tab, "de outra aba");
  await row(tab, "de outra aba").waitFor();

  // Ended in one tab, it is over in the other, and there is no cookie any more.
  await page.getByRole("button", { name: "Log out" }).click();
  await account(tab);
  await tab.locator(".pane").getByRole("button", { name: "Log in", exact: true }).waitFor();
  await eventually(async () => (await page.context().cookies()).length === 0);
  await page.reload();
  await account(page);
  await page.locator(".pane").getByRole("button", { name: "Log in", exact: true }).waitFor();
  assert.deepEqual(page.errors, []);
});

test("a token of an earlier version moves into the cookie", async () => {
  const body = JSON.stringify({ account: "vera", password: PASSWORD });
  const headers = { "content-type": "application/json" };
  const made = await fetch(`${server.url}/api/v1/accounts`, { method: "POST", headers, body });
  const { token } = await made.json();
  const page = await person(server.url);
  await page.evaluate((token) => localStorage.setItem("papo.token", JSON.stringify(token)), token);
  await page.reload();
  await eventually(async () => !(await kept(page)).includes(token));
  await isLoggedIn(page, "vera");
});
