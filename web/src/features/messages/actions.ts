// What one may do with a message, as one list: for the keys, the bar beside it and its menu.

import { sameNick } from "../../model/names.ts";
import type { Entry } from "../../model/timeline.ts";
import type { App } from "../../state/app.svelte.ts";
import { t } from "../../state/messages.svelte.ts";
import { go } from "../../state/router.svelte.ts";
import type { Room } from "../../state/room.svelte.ts";
import type { Item } from "../../ui/Menu.svelte";
import { pick } from "../emoji/picking.svelte.ts";

/** Whether one said it oneself. */
export function isMine(app: App, entry: Entry): boolean {
  if (entry.by.account !== undefined || app.number !== undefined) return entry.by.account === app.number;
  return app.nick !== undefined && sameNick(entry.by.nick, app.nick);
}

/** Begins an answer. */
export function reply(room: Room, entry: Entry): void {
  room.editing = undefined;
  room.reply = entry;
  document.querySelector<HTMLElement>("#write")?.focus();
}

/** Begins a correction. */
export function edit(room: Room, entry: Entry): void {
  if (entry.text === null) return;
  room.reply = undefined;
  room.editing = entry;
  room.draft = entry.text;
  document.querySelector<HTMLElement>("#write")?.focus();
}

/** Gives an emoji, or takes it away again. */
export function react(app: App, room: Room, entry: Entry, emoji: string): void {
  const on = !entry.mine.includes(emoji);
  void app.attempt({ do: "react", room: room.name, seq: entry.seq, emoji, on });
}

async function copy(app: App, text: string): Promise<void> {
  await navigator.clipboard?.writeText(text);
  app.toast(t("copied"));
}

/** The menu of a message. */
export function items(app: App, room: Room, entry: Entry): Item[] {
  const { name } = room;
  const { seq, by, text } = entry;
  const address = `${location.origin}${room.address(seq)}`;
  const mine = isMine(app, entry);
  const all: Item[] = [];
  if (text !== null) {
    all.push({ icon: "reply", text: t("reply"), run: () => reply(room, entry) });
    all.push({ icon: "smile", text: t("react"), run: () => void pick((emoji) => react(app, room, entry, emoji)) });
    all.push({ icon: "copy", text: t("copy-text"), run: () => void copy(app, text) });
  }
  all.push({ icon: "link", text: t("copy-link"), run: () => void copy(app, address) });
  if (text === null) return all;
  const pin = entry.pinned ? "unpin" : "pin";
  all.push({ icon: "pin", text: t(pin), run: () => void app.attempt({ do: "pin", room: name, seq, on: !entry.pinned }) });
  if (mine) all.push({ icon: "edit", text: t("edit"), run: () => edit(room, entry) });
  else if (room.direct === undefined) all.push({ icon: "person", text: t("write-to", { nick: by.nick }), run: () => go({ direct: by.nick }) });
  if (room.keeps && entry.edited) all.push({ icon: "clock", text: t("earlier"), run: () => (room.versions = entry) });
  if (room.keeps && !mine) {
    all.push({ icon: "shield", text: t("mute-nick", { nick: by.nick }), run: () => (room.penalty = { kind: "mute", nick: by.nick }) });
    all.push({ icon: "out", text: t("ban-nick", { nick: by.nick }), run: () => (room.penalty = { kind: "ban", nick: by.nick }), danger: true });
  }
  if (mine || room.keeps) all.push({ icon: "trash", text: t("delete"), run: () => remove(app, room, entry), danger: true });
  return all;
}

function remove(app: App, room: Room, entry: Entry): void {
  void app.attempt({ do: "delete", room: room.name, seq: entry.seq });
}

/** Does what a key asks for; false if it asks for nothing. */
export function act(app: App, room: Room, entry: Entry, key: string): boolean {
  if (entry.text === null) return false;
  const mine = isMine(app, entry);
  switch (key.toLowerCase()) {
    case "r":
      reply(room, entry);
      return true;
    case "+":
    case "=":
      void pick((emoji) => react(app, room, entry, emoji));
      return true;
    case "p":
      void app.attempt({ do: "pin", room: room.name, seq: entry.seq, on: !entry.pinned });
      return true;
    case "e":
      if (mine) edit(room, entry);
      return mine;
    case "delete":
      if (mine || room.keeps) remove(app, room, entry);
      return mine || room.keeps;
    default:
      return false;
  }
}
