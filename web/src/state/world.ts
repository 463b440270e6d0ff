// The browser, as the session sees it.

import type { World } from "../protocol/session.ts";

/** The address of the server's WebSocket: the page's own. */
function address(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}

/** Time, dice, network and sockets of this browser. */
export const browser: World = {
  open: (protocol) => new WebSocket(address(), protocol),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  online: () => navigator.onLine,
};
