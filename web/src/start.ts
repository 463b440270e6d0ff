// Puts the page together: the language, the state, what is seen.

import { mount } from "svelte";
import Root from "./features/Root.svelte";
import { App } from "./state/app.svelte.ts";
import type { Language } from "./state/language.ts";
import { speak } from "./state/messages.svelte.ts";
import { show } from "./state/settings.svelte.ts";
import { serveOffline } from "./state/update.svelte.ts";
import { browser } from "./state/world.ts";
import "./ui/base.css";

/** Shows the page in a language, and connects. */
export async function start(language: Language): Promise<void> {
  show();
  await speak(language);
  const app = new App(browser);
  const target = document.getElementById("app")!;
  target.textContent = "";
  mount(Root, { target, props: { app } });
  app.session.start();
  addEventListener("online", () => app.session.network(true));
  addEventListener("offline", () => app.session.network(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") app.session.wake();
  });
  whenIdle(serveOffline);
}

/** What can wait does, until the page is there and has nothing else to do. */
function whenIdle(then: () => void): void {
  const idle = () => ("requestIdleCallback" in window ? requestIdleCallback(then, { timeout: 4_000 }) : setTimeout(then, 500));
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true });
}
