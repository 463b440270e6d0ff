// Carries out what was typed behind a slash.

import type { Role } from "../../protocol/papo.v1.ts";
import { Refused } from "../../protocol/session.ts";
import type { App } from "../../state/app.svelte.ts";
import { t } from "../../state/messages.svelte.ts";
import { go, toggle } from "../../state/router.svelte.ts";
import type { Room } from "../../state/room.svelte.ts";

/** The capacity of a room that does not say one. */
const CAPACITY = 40;
const ROLES: readonly Role[] = ["guest", "member", "moderator", "owner"];

/** Minutes as the protocol has them; nothing for what is no number. */
function minutes(given: string | undefined): number | undefined {
  return given && /^\d{1,7}$/.test(given) ? Number(given) * 60_000 : undefined;
}

/** Runs a command; false: nothing was done, and why is shown. */
export async function run(app: App, room: Room, name: string, given: string[]): Promise<boolean> {
  const [first = "", second, third] = given;
  const { name: here } = room;
  const nick = first.replace(/^@/, "");
  const whole = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
  const wrong = () => {
    app.toast(t("command-incomplete", { name }), "wrong");
    return false;
  };
  const penalty = () => {
    const for_ms = minutes(second);
    const reason = for_ms === undefined ? [second, third].filter(Boolean).join(" ") : third;
    return { room: here, nick, for_ms, reason: reason || undefined };
  };
  switch (name) {
    case "join":
      return shown(app, () => app.enter(first));
    case "create":
      return shown(app, () => app.create(first, whole(second ?? "") ?? CAPACITY, "public"));
    case "leave":
      await app.leave(room);
      return true;
    case "nick":
      return app.attempt({ do: "rename", nick: first });
    case "topic":
      return app.attempt({ do: "topic", room: here, topic: first || null });
    case "msg":
      if (second) void app.directs.say(nick, second);
      go({ direct: nick });
      return true;
    case "search":
      app.words = first;
      toggle("search");
      return true;
    case "pins":
    case "people":
    case "help":
    case "order":
    case "audit":
    case "links":
      toggle(name);
      return true;
    case "kick":
      return app.attempt({ do: "kick", room: here, nick, reason: [second, third].filter(Boolean).join(" ") || undefined });
    case "ban":
      return app.attempt({ do: "ban", ...penalty() });
    case "mute":
      return app.attempt({ do: "mute", ...penalty() });
    case "unban":
      return app.attempt({ do: "unban", room: here, nick });
    case "unmute":
      return app.attempt({ do: "unmute", room: here, nick });
    case "slow": {
      const seconds = whole(first);
      return seconds === undefined ? wrong() : app.attempt({ do: "slow-mode", room: here, seconds });
    }
    case "purge": {
      const last_ms = minutes(second);
      if (second !== undefined && last_ms === undefined) return wrong();
      return app.attempt({ do: "purge", room: here, nick, last_ms });
    }
    case "role": {
      const role = ROLES.find((known) => known === second);
      return role ? app.attempt({ do: "role", room: here, nick, role }) : wrong();
    }
    case "invite":
      return app.attempt({ do: "invite", room: here, nick });
    case "capacity": {
      const capacity = whole(first);
      return capacity === undefined ? wrong() : app.attempt({ do: "capacity", room: here, capacity });
    }
    default:
      return wrong();
  }
}

async function shown(app: App, what: () => Promise<void>): Promise<boolean> {
  try {
    await what();
    return true;
  } catch (why) {
    if (why instanceof Refused) app.wrong(why);
    else app.toast(t("not-connected"), "wrong");
    return false;
  }
}
