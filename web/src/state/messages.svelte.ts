// The page's language: which one, and its messages once they are here.

import { format, type Table, type Values } from "../model/messages.ts";
import { stored, store } from "./storage.ts";

/** The languages there are, each by its own name. */
export const LANGUAGES = { "pt-BR": "Português", en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

const LOAD: Record<Language, () => Promise<{ default: Table }>> = {
  "pt-BR": () => import("virtual:messages/pt-BR"),
  en: () => import("virtual:messages/en"),
  es: () => import("virtual:messages/es"),
};

class Messages {
  language = $state<Language>("en");
  table = $state.raw<Table>({});
}

const messages = new Messages();

/** The language in force. */
export function language(): Language {
  return messages.language;
}

/** The message `id`. */
export function t(id: string, values?: Values): string {
  return format(messages.table, messages.language, id, values);
}

/** The language that was chosen, or that the browser wants most of those there are. */
export function wanted(): Language {
  const chosen = stored<Language | "">("language", "");
  if (chosen && chosen in LANGUAGES) return chosen;
  for (const tag of navigator.languages) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = (Object.keys(LANGUAGES) as Language[]).find(
      (known) => known.toLowerCase().split("-")[0] === primary,
    );
    if (found) return found;
  }
  return "en";
}

/** Loads a language and speaks it from then on. */
export async function speak(language: Language, keep = false): Promise<void> {
  messages.table = (await LOAD[language]()).default;
  messages.language = language;
  document.documentElement.lang = language;
  if (keep) store("language", language);
}
