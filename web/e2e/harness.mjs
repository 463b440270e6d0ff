// What the browser tests stand on: the real program on a free port, browsers of both sizes, a line
// client, and a wire between them that can be cut.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = process.env.WEB_PROGRAM ?? join(ROOT, "target/debug/papo");
/** While one works on the page: it is taken from this folder, not from the program. */
const DIST = process.env.WEB_DIST;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Longest wait for anything, in ms. */
export const PATIENCE_MS = 20_000;

export const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", ...(DIST ? ["--disable-features=LocalNetworkAccessChecks"] : []),
];

let browser;

/** The one browser of a test file; each person has a context of her own in it. */
export async function launch() {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return browser;
}

export async function quit() {
  await browser?.close();
  browser = undefined;
}

/** A port that is free just now. */
export function freePort() {
  return new Promise((resolve) => {
    const port = 20_000 + Math.floor(Math.random() * 11_999);
    const server = createServer();
    server.once("error", () => resolve(freePort()));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}

/** The program, with a data folder of its own. */
export class Server {
  static async start(settings = {}) {
    const server = new Server();
    server.port = await freePort();
    server.data = mkdtempSync(join(tmpdir(), "papo-web-"));
    server.settings = settings;
    await server.run();
    return server;
  }

  async run() {
    const env = { ...process.env, PAPO_PORT: String(this.port), PAPO_DATA: this.data };
    for (const [name, value] of Object.entries(this.settings)) env[`PAPO_${name}`] = String(value);
    this.process = spawn(PROGRAM, [], { env, stdio: "ignore" });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const response = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (response?.ok) return;
      if (Date.now() > until) throw new Error("the server does not start");
      await pause(50);
    }
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends at once, as by a lost power supply. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Someone with telnet, or nearly. */
export class LineClient {
  static async connect(port) {
    const client = new LineClient();
    client.text = "";
    client.socket = createConnection(port, "127.0.0.1");
    client.socket.setEncoding("utf8");
    client.socket.on("data", (text) => (client.text += text));
    await new Promise((resolve, reject) => client.socket.once("connect", resolve).once("error", reject));
    return client;
  }

  send(line) {
    this.socket.write(`${line}\r\n`);
  }

  /** Waits until this was received. */
  async expect(text) {
    await eventually(() => this.text.includes(text) || undefined, () => `no ${JSON.stringify(text)} in ${this.text}`);
  }

  close() {
    this.socket.destroy();
  }
}

/** A wire to a server that can be cut. */
export class Wire {
  static async lay(to) {
    const wire = new Wire();
    wire.sockets = new Set();
    wire.isCut = false;
    wire.server = createServer((near) => {
      if (wire.isCut) return near.destroy();
      const far = createConnection(to, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]]) {
        wire.sockets.add(one);
        one.on("error", () => other.destroy());
        // What is still on its way to the other end arrives there before that closes, too.
        one.on("close", () => {
          wire.sockets.delete(one);
          other.end();
        });
        one.pipe(other);
      }
    });
    wire.port = await freePort();
    await new Promise((resolve) => wire.server.listen(wire.port, "127.0.0.1", resolve));
    return wire;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.isCut = false;
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

let policy;

/** Answers with a file of the folder, and with what the program says to be its headers. */
async function fromFolder(route) {
  const { pathname, searchParams } = new URL(route.request().url());
  const isPlace = pathname === "/" || /^\/[rd]\//.test(pathname) || (pathname.startsWith("/i/") && searchParams.has("app"));
  const path = join(DIST, isPlace ? "index.html" : pathname);
  if (!existsSync(path)) {
    const answer = await fetch(route.request().url());
    return route.fulfill({ status: answer.status, contentType: answer.headers.get("content-type"), body: Buffer.from(await answer.arrayBuffer()) });
  }
  policy ??= (await fetch(new URL("/", route.request().url()))).headers.get("content-security-policy");
  const headers = { "content-security-policy": policy };
  return route.fulfill({ path, headers });
}

/** A person: a browser profile of her own. Whatever the page complains of is gathered in `errors`. */
export async function person(url, { size = "desk", theme = "light", locale = "en", ...more } = {}) {
  const context = await (await launch()).newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    locale,
    hasTouch: size === "phone",
    reducedMotion: "reduce",
    serviceWorkers: "block",
    ...more,
  });
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  if (DIST) await context.route(/^http:/, fromFolder);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    // A cut wire is part of the tests.
    if (message.type() === "error" && !/WebSocket|ERR_|Failed to load resource/.test(text)) page.errors.push(text);
  });
  if (url) await page.goto(url);
  return page;
}

/** A password that will do for everyone. */
export const PASSWORD = "correct horse battery";

/** Makes an account, or logs in to it on one more device, and comes to the entrance. */
export async function logIn(page, url, account, isNew = true) {
  await page.goto(`${url}/?panel=account`);
  if (isNew) await page.getByRole("button", { name: "I have no account yet" }).click();
  await page.getByLabel("Account", { exact: true }).fill(account);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.locator("form").getByRole("button", { name: isNew ? "Make an account" : "Log in" }).click();
  await page.getByText("You are logged in", { exact: true }).waitFor();
}

/** Asks the HTTP API; the answer's body. */
export async function api(url, method, path, token, body) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** Makes a room from the entrance. */
export async function makeRoom(page, nick, room) {
  if (nick !== undefined) await page.getByLabel("Your name").fill(nick);
  await page.getByRole("button", { name: "New room" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill(room);
  await page.getByRole("dialog").getByRole("button", { name: "Make the room" }).click();
  await page.locator("#write").waitFor();
}

/** Enters a room by its address. */
export async function enterRoom(page, url, nick, room) {
  await page.goto(`${url}/r/${encodeURIComponent(room)}`);
  await page.getByLabel("Your name").fill(nick);
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.locator("#write").waitFor();
}

/** Says something. */
export async function say(page, text) {
  await page.locator("#write").fill(text);
  await page.locator("#write").press("Enter");
}

/** The row of the message with this text. */
export function row(page, text) {
  return page.locator("article.row", { has: page.locator(".said", { hasText: text }) }).last();
}

/** The texts of the rows that are on the page. */
export function texts(page) {
  return page.locator("article.row .said").evaluateAll((all) => all.map((each) => each.innerText.trim()));
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until there is an answer. */
export async function eventually(ask, why = () => "it never came", patience = PATIENCE_MS) {
  const until = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > until) throw new Error(await why());
    await pause(40);
  }
}
