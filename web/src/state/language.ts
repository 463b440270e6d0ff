// Which languages there are, which one is wanted, and its table: apart from all else, so that it is on its way
// before the page is.

import type { Table } from "../model/messages.ts";
import { stored } from "./storage.ts";

/** The languages there are, each by its own name. */
export const LANGUAGES = { "pt-BR": "Português", en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

const LOAD: Record<Language, () => Promise<{ default: Table }>> = {
  "pt-BR": () => import("virtual:messages/pt-BR"),
  en: () => import("virtual:messages/en"),
  es: () => import("virtual:messages/es"),
};

/** The messages of a language; asked for again they are there. */
export async function table(language: Language): Promise<Table> {
  return (await LOAD[language]()).default;
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
