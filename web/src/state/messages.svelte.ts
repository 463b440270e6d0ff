// The page's language: which one, and its messages once they are here.

import { format, type Table, type Values } from "../model/messages.ts";
import { table, type Language } from "./language.ts";
import { store } from "./storage.ts";

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

/** Loads a language and speaks it from then on. */
export async function speak(language: Language, keep = false): Promise<void> {
  messages.table = await table(language);
  messages.language = language;
  document.documentElement.lang = language;
  if (keep) store("language", language);
}
