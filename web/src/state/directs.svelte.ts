// Words with one person alone. Two accounts share a room of two, which is kept like any other; where
// one is a guest there is none, and words pass: nobody keeps them but this page.

import { SvelteMap } from "svelte/reactivity";
import { fold, sameNick } from "../model/names.ts";
import { plain } from "../model/plain.ts";
import type { Direct as Listed, DirectSaid, Private, UnreadRoom } from "../protocol/papo.v1.ts";
import { Refused } from "../protocol/session.ts";
import type { App } from "./app.svelte.ts";
import { t } from "./messages.svelte.ts";
import type { Room } from "./room.svelte.ts";
import { route } from "./router.svelte.ts";

/** Passing words with one person that are kept here. */
const WORDS_MAX = 200;

/** A passing word to or from one person. */
export type Word = Private & { mine: boolean; key: number; failed?: string };

/** One person one has words with. */
export class Direct {
  words = $state.raw<Word[]>([]);
  /** Passing words that one has not seen. */
  passed = $state(0);
  /** The name of the room that one shares with her. */
  room = $state<string | undefined>();
  /** What is unread in it, while one is not in it here. */
  waiting = $state(0);
  /** There can be no room: one of both has no account. */
  passing = $state(false);

  constructor(readonly nick: string) {}
}

/** See the head of this file. */
export class Directs {
  all = new SvelteMap<string, Direct>();
  #keys = 0;

  constructor(private readonly app: App) {}

  /** Words with this person. */
  of(nick: string): Direct {
    const key = fold(nick);
    let direct = this.all.get(key);
    if (!direct) this.all.set(key, (direct = new Direct(nick)));
    return direct;
  }

  /** The room one shares with her, if one is in it. */
  room(nick: string): Room | undefined {
    const name = this.all.get(fold(nick))?.room;
    return name === undefined ? undefined : this.app.rooms.get(fold(name));
  }

  /** What is unread of hers. */
  unread({ nick, passed, waiting }: Direct): number {
    return passed + (this.room(nick)?.unread ?? waiting);
  }

  /** The server has told which rooms of two one has, and what is unread in them. */
  told(listed: readonly Listed[] = [], unread: readonly UnreadRoom[] = []): void {
    for (const { room, nick } of listed) {
      const direct = this.of(nick);
      direct.room = room;
      direct.passing = false;
      direct.waiting = unread.find((other) => other.room === room)?.unread.messages ?? 0;
    }
  }

  /** Nobody is logged in any more: the rooms of two are an account's. */
  forget(): void {
    for (const [key, direct] of this.all) {
      if (direct.room === undefined) continue;
      this.app.drop(direct.room);
      this.all.delete(key);
    }
  }

  /** Enters the room one shares with her. False: there can be none. Fails with `Lost`. */
  async open(nick: string): Promise<boolean> {
    const direct = this.of(nick);
    if (!this.app.account) return false;
    try {
      const place = await this.app.session.ask<"direct">({ do: "direct", nick });
      this.app.entered(place);
      return true;
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      direct.passing = true;
      if (why.no.code !== "no-direct") this.app.wrong(why);
      return false;
    }
  }

  /** One is in the room that one shares with her: what passed before stands in it. */
  entered(nick: string, room: Room): void {
    const direct = this.of(nick);
    direct.room = room.name;
    direct.passing = false;
    for (const { at, by, text, markup } of direct.words) room.whispered({ ev: "message", at, by, text, markup });
    direct.words = [];
  }

  /** Says something to her: kept if that can be, else in passing. */
  async say(nick: string, text: string): Promise<void> {
    try {
      if (this.room(nick) || (await this.open(nick))) return void this.app.say(this.room(nick)!, text);
    } catch {
      return this.app.toast(t("not-connected"), "wrong");
    }
    await this.whisper(nick, text);
  }

  /** A passing word to one person. */
  async whisper(nick: string, text: string): Promise<void> {
    const direct = this.of(nick);
    const word = this.#add(direct, { at: Date.now(), by: { nick: this.app.nick ?? "" }, text }, true);
    try {
      await this.app.session.ask<"message">({ do: "message", nick, text });
    } catch (why) {
      const failed = why instanceof Refused ? why.no.message : t("not-connected");
      direct.words = direct.words.map((other) => (other === word ? { ...word, failed } : other));
    }
  }

  #add(direct: Direct, given: Private, mine: boolean): Word {
    this.#keys += 1;
    const word: Word = { ...given, mine, key: this.#keys };
    direct.words = [...direct.words, word].slice(-WORDS_MAX);
    return word;
  }

  /** A word has passed to us. */
  heard(event: Private): void {
    const { nick } = event.by;
    const direct = this.of(nick);
    const room = this.room(nick);
    const shown = sameNick(route().direct ?? "", nick) && document.hasFocus();
    // Where there is a room, the word stands in it.
    if (room) room.whispered({ ev: "message", ...event });
    else this.#add(direct, event, false);
    if (!shown) direct.passed += 1;
    this.app.sayAloud(t("spoken-direct", { nick, text: plain(event) }));
    if (!shown) this.app.attract(nick, plain(event), `d/${nick}`);
  }

  /** Something was said in a room of two that one is not in here: one enters, and hears it. */
  async said({ room, seq, by }: DirectSaid): Promise<void> {
    const direct = this.of(by.nick);
    direct.room = room;
    direct.waiting += 1;
    try {
      this.app.entered(await this.app.session.ask<"enter">({ do: "enter", room, after: seq - 1 }), seq - 1);
    } catch {
      // It is counted, and there when she is looked at.
    }
  }

  /** What passed was seen. */
  seen(nick: string): void {
    const direct = this.all.get(fold(nick));
    if (direct && direct.passed > 0) direct.passed = 0;
  }
}
