// Several tabs of one browser: a guest's name is one connection's, so one tab has it, and another
// may ask for it. An account has no need of that: it may be in many places.

const channel = "BroadcastChannel" in window ? new BroadcastChannel("papo") : undefined;

type Word = { yield: string };

/** Asks the other tabs to let go of this name. */
export function takeOver(nick: string): void {
  channel?.postMessage({ yield: nick } satisfies Word);
}

/** Calls when another tab wants the name that we have. */
export function whenAsked(let_go: (nick: string) => void): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => let_go(data.yield));
}
