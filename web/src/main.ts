// The start: the language, the state, the page.

import { mount } from "svelte";
import Root from "./features/Root.svelte";
import { App } from "./state/app.svelte.ts";
import { speak, wanted } from "./state/messages.svelte.ts";
import { show } from "./state/settings.svelte.ts";
import { serveOffline } from "./state/update.svelte.ts";
import { browser } from "./state/world.ts";
import "./ui/base.css";

show();
await speak(wanted());
const app = new App(browser);
mount(Root, { target: document.getElementById("app")!, props: { app } });
app.session.start();
addEventListener("online", () => app.session.network(true));
addEventListener("offline", () => app.session.network(false));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") app.session.wake();
});
serveOffline();
