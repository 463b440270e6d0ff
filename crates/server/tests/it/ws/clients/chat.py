"""A client written by docs/ws.md alone, on the `websockets` package: python3 chat.py URL"""

import asyncio
import json
import sys

import websockets


class Papo:
    """One connection: requests by id, and the events in their order."""

    def __init__(self, socket):
        self.socket = socket
        self.next_id = 0
        self.events = []

    @classmethod
    async def connect(cls, url):
        socket = await websockets.connect(url, subprotocols=["papo.v1"])
        assert socket.subprotocol == "papo.v1", socket.subprotocol
        return cls(socket)

    async def ask(self, do, **fields):
        self.next_id += 1
        await self.socket.send(json.dumps({"id": self.next_id, "do": do, **fields}))
        while True:
            message = json.loads(await self.socket.recv())
            if "re" not in message:
                self.events.append(message)
            elif message["re"] == self.next_id:
                return message

    async def ok(self, do, **fields):
        answer = await self.ask(do, **fields)
        assert "ok" in answer, answer
        return answer["ok"]

    async def event(self, kind):
        while True:
            if not self.events:
                self.events.append(json.loads(await self.socket.recv()))
            event = self.events.pop(0)
            if event["ev"] == kind:
                return event


async def main(url):
    papo = await Papo.connect(url)
    await papo.ok("hello", lang="en", client="chat.py")
    await papo.ok("enter", room="sala", nick="bia", after=0)
    first = await papo.event("said")
    assert (first["by"]["nick"], first["text"]) == ("ana", "oi"), first
    said = await papo.ok("say", room="sala", text="olá, **ana**", key="p-1", reply=first["seq"])
    await papo.ok("edit", room="sala", seq=said["seq"], text="olá, *ana*")
    await papo.ok("react", room="sala", seq=first["seq"], emoji="❤️")
    refused = await papo.ask("delete", room="sala", seq=first["seq"])
    assert refused["no"]["code"], refused
    seen = (await papo.event("reacted"))["seq"]
    papo.socket.transport.abort()

    papo = await Papo.connect(url)
    resumed = await papo.ok("resume", nick="bia2", rooms=[{"room": "sala", "after": seen}])
    assert "ok" in resumed["rooms"][0], resumed
    again = await papo.ok("say", room="sala", text="olá, **ana**", key="p-1", reply=first["seq"])
    assert again == said, (again, said)
    page = await papo.ok("history", room="sala")
    assert [message["text"] for message in page["messages"]] == ["oi", "olá, *ana*"], page
    await papo.ok("say", room="sala", text="tchau")
    await papo.socket.close()


asyncio.run(asyncio.wait_for(main(sys.argv[1]), 20))
