// How each person wants it: kept in this browser, and shown to the style sheet as attributes.

import { store, stored } from "./storage.ts";

/** What there is to choose, and what it is at first. */
const AT_FIRST = {
  theme: "system" as "system" | "light" | "dark",
  density: "roomy" as "roomy" | "dense",
  sound: true,
  notices: false,
  typing: true,
  enterSends: true,
};

export type Settings = typeof AT_FIRST;

class Chosen {
  all = $state<Settings>({ ...AT_FIRST, ...stored<Partial<Settings>>("settings", {}) });
}

const chosen = new Chosen();

/** The settings in force. */
export function settings(): Readonly<Settings> {
  return chosen.all;
}

/** Sets one. */
export function choose<S extends keyof Settings>(setting: S, value: Settings[S]): void {
  chosen.all[setting] = value;
  store("settings", chosen.all);
  show();
}

/** Tells the style sheet. */
export function show(): void {
  const { dataset } = document.documentElement;
  dataset["theme"] = chosen.all.theme;
  dataset["density"] = chosen.all.density;
}
