// Keys that work everywhere. The help panel lists them from here.

import type { App } from "../state/app.svelte.ts";
import { go, hide, route, toggle } from "../state/router.svelte.ts";

/** The keys and the message that says what they do. */
export const KEYS: readonly (readonly [string, string])[] = [
  ["?", "key-help"],
  ["Ctrl K", "key-search"],
  ["Alt ↑ / Alt ↓", "key-rooms"],
  ["/", "key-write"],
  ["F6", "key-regions"],
  ["Esc", "key-escape"],
  ["Enter", "key-send"],
  ["Shift Enter", "key-break"],
  ["↑", "key-edit-last"],
  ["↑ ↓ Home End", "key-messages"],
  ["R", "key-reply"],
  ["+", "key-react"],
  ["E", "key-edit"],
  ["P", "key-pin"],
  ["M", "key-menu"],
  ["Delete", "key-delete"],
];

/** The parts of the page that F6 goes through, where they are there. */
const REGIONS = ["#rooms a", "#timeline [tabindex='0']", "#write", ".pane button"];

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}

function step(app: App, by: number): void {
  const rooms = [...app.rooms.values()];
  if (rooms.length === 0) return;
  const at = rooms.findIndex((room) => room === app.room);
  const next = rooms[(at + by + rooms.length) % rooms.length];
  if (next) go(next.place());
}

function region(back: boolean): void {
  const parts = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
    (part) => part !== null && part.offsetParent !== null,
  ) as HTMLElement[];
  const holds = (part: HTMLElement) => part.closest("nav, .scroller, form, aside")?.contains(document.activeElement);
  const at = parts.findIndex((part) => part === document.activeElement || holds(part));
  parts[(at + (back ? -1 : 1) + parts.length) % parts.length]?.focus();
}

function pressed(app: App, event: KeyboardEvent): boolean {
  const { key, altKey, ctrlKey, metaKey } = event;
  if (document.querySelector("dialog[open]")) return false;
  if ((ctrlKey || metaKey) && key.toLowerCase() === "k" && app.room) {
    if (route().panel !== "search") toggle("search");
    else document.querySelector<HTMLElement>("#search")?.focus();
    return true;
  }
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    step(app, key === "ArrowUp" ? -1 : 1);
    return true;
  }
  if (key === "F6") {
    region(event.shiftKey);
    return true;
  }
  if (key === "Escape" && route().panel) {
    hide();
    document.querySelector<HTMLElement>("#write")?.focus();
    return true;
  }
  if (isWriting(event.target) || ctrlKey || metaKey || altKey) return false;
  if (key === "?") {
    toggle("help");
    return true;
  }
  const write = document.querySelector<HTMLElement>("#write");
  if (key === "/" && write) {
    write.focus();
    return true;
  }
  return false;
}

/** Listens until what it returns is called. */
export function listen(app: App): () => void {
  const heard = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && pressed(app, event)) event.preventDefault();
  };
  addEventListener("keydown", heard);
  return () => removeEventListener("keydown", heard);
}
