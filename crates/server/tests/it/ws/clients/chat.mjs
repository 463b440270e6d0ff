// A client written by docs/ws.md alone, on Node's own WebSocket:
// node --experimental-websocket chat.mjs URL

import assert from "node:assert";

/** One connection: requests by id, and the events in their order. */
class Papo {
  #socket;
  #nextId = 0;
  #answers = new Map();
  #events = [];
  #waiting = null;

  static async connect(url) {
    const papo = new Papo();
    const socket = new WebSocket(url, "papo.v1");
    papo.#socket = socket;
    socket.addEventListener("message", ({ data }) => papo.#take(JSON.parse(data)));
    await new Promise((open, fail) => {
      socket.addEventListener("open", open);
      socket.addEventListener("error", fail);
    });
    assert.equal(socket.protocol, "papo.v1");
    return papo;
  }

  #take(message) {
    if ("re" in message) {
      this.#answers.get(message.re)(message);
    } else {
      this.#events.push(message);
      this.#waiting?.();
    }
  }

  ask(request) {
    const id = ++this.#nextId;
    this.#socket.send(JSON.stringify({ id, ...request }));
    return new Promise((answer) => this.#answers.set(id, answer));
  }

  async ok(request) {
    const answer = await this.ask(request);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.ok;
  }

  async event(kind) {
    for (;;) {
      const event = this.#events.shift();
      if (event?.ev === kind) return event;
      if (!event) await new Promise((come) => (this.#waiting = come));
    }
  }

  close() {
    return new Promise((closed) => {
      this.#socket.addEventListener("close", closed);
      this.#socket.close();
    });
  }
}

const url = process.argv[2];
let papo = await Papo.connect(url);
await papo.ok({ do: "hello", lang: "en", client: "chat.mjs" });
await papo.ok({ do: "enter", room: "sala", nick: "bia", after: 0 });
const first = await papo.event("said");
assert.deepEqual([first.by.nick, first.text], ["ana", "oi"]);
const reply = { do: "say", room: "sala", text: "olá, **ana**", key: "p-1", reply: first.seq };
const said = await papo.ok(reply);
await papo.ok({ do: "edit", room: "sala", seq: said.seq, text: "olá, *ana*" });
await papo.ok({ do: "react", room: "sala", seq: first.seq, emoji: "❤️" });
const refused = await papo.ask({ do: "delete", room: "sala", seq: first.seq });
assert.ok(refused.no.code);
const { seq: seen } = await papo.event("reacted");
await papo.close();

papo = await Papo.connect(url);
const resumed = await papo.ok({
  do: "resume",
  nick: "bia2",
  rooms: [{ room: "sala", after: seen }],
});
assert.ok(resumed.rooms[0].ok);
assert.deepEqual(await papo.ok(reply), said);
const page = await papo.ok({ do: "history", room: "sala" });
assert.deepEqual(page.messages.map((message) => message.text), ["oi", "olá, *ana*"]);
await papo.ok({ do: "say", room: "sala", text: "tchau" });
await papo.close();
