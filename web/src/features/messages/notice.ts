// What happened to a room, as a sentence.

import { plain } from "../../model/plain.ts";
import type { PapoEvent } from "../../protocol/papo.v1.ts";
import { t } from "../../state/messages.svelte.ts";

/** The sentence; nothing for what needs none. */
export function sentence(event: PapoEvent): string {
  if (!("by" in event)) return "";
  const nick = event.by.nick;
  switch (event.ev) {
    case "topic":
      return event.topic === null ? t("did-topic-off", { nick }) : t("did-topic", { nick, topic: event.topic });
    case "created":
      return t("did-create", { nick });
    case "pinned":
      return t(event.on ? "did-pin" : "did-unpin", { nick, text: event.quote?.text ?? "" });
    case "moderated": {
      // A purge tells of itself at its end; its beginning has no messages yet.
      if (event.measure === "purged" && event.messages === 0) return "";
      const { measure, reason = "", seconds = 0, role = "", capacity = 0, visibility = "", on = true } = event;
      const whom = event.nick ?? event.addresses ?? t("an-address");
      return t(`did-${measure}`, { nick, whom, reason, seconds, role, capacity, visibility, on: String(on) }).trim();
    }
    case "message":
      return t("did-whisper", { nick, text: plain(event) });
    default:
      return "";
  }
}
