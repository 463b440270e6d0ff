// The connection as states and what moves it from one to the next. Pure: the socket, the clock and
// the dice are with `session.ts`, so every way through it is a test.

/** Where a connection stands. */
export type Phase =
  /** Nobody wants it: before the start, or after it was given up on purpose. */
  | { at: "stopped" }
  /** The browser says that there is no network: nothing is tried until it says otherwise. */
  | { at: "offline"; attempt: number }
  /** The socket is being opened. */
  | { at: "connecting"; attempt: number }
  /** It is open; who we are and where we were is being said. */
  | { at: "greeting"; attempt: number }
  /** Requests are answered, events come. `since` is when that began, in ms. */
  | { at: "live"; since: number; attempt: number }
  /** It broke; at `until`, in ms, it is tried again. */
  | { at: "waiting"; until: number; attempt: number };

/** What may happen. `now` in ms; `roll` is a random number from 0 to 1. */
export type Input =
  | { in: "start"; online: boolean }
  | { in: "stop" }
  | { in: "opened" }
  | { in: "greeted"; now: number }
  /** The socket closed, with WebSocket's code, or did not open, or was silent for too long. */
  | { in: "lost"; now: number; roll: number; code: number }
  /** The time of `until` has come. */
  | { in: "due"; now: number }
  /** The user does not want to wait. */
  | { in: "hurry" }
  | { in: "network"; online: boolean };

/** What is to be done. */
export type Effect = "open" | "greet" | "close";

/** The first wait, in ms; each further one is twice as long. */
export const WAIT_FIRST_MS = 500;
/** No wait is longer, in ms. */
export const WAIT_MAX_MS = 30_000;
/** The server asks for this much patience when it goes down (docs/ws.md), in ms. */
export const RESTART_WAIT_MS = { least: 1_000, greatest: 4_000 } as const;
/** A connection that lasted so long, in ms, was a good one: the waits begin anew. */
export const GOOD_AFTER_MS = 10_000;

/** WebSocket's code of a server that goes down. */
export const GOING_AWAY = 1001;

/** The wait before the attempt after `attempt` failed ones: doubled each time, half of it dice. */
export function wait(attempt: number, roll: number, code: number): number {
  if (code === GOING_AWAY && attempt === 0) {
    const { least, greatest } = RESTART_WAIT_MS;
    return least + roll * (greatest - least);
  }
  const whole = Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** Math.min(attempt, 16));
  return whole / 2 + (roll * whole) / 2;
}

/** The next state, and what is to be done on the way there. What does not fit changes nothing. */
export function next(phase: Phase, input: Input): [Phase, Effect[]] {
  const attempt = phase.at === "stopped" ? 0 : phase.attempt;
  const holds = phase.at === "connecting" || phase.at === "greeting" || phase.at === "live";
  switch (input.in) {
    case "start":
      if (phase.at !== "stopped") return [phase, []];
      return input.online
        ? [{ at: "connecting", attempt: 0 }, ["open"]]
        : [{ at: "offline", attempt: 0 }, []];
    case "stop":
      return [{ at: "stopped" }, holds ? ["close"] : []];
    case "opened":
      return phase.at === "connecting" ? [{ at: "greeting", attempt }, ["greet"]] : [phase, []];
    case "greeted":
      return phase.at === "greeting" ? [{ at: "live", since: input.now, attempt }, []] : [phase, []];
    case "lost": {
      if (!holds) return [phase, []];
      const good = phase.at === "live" && input.now - phase.since >= GOOD_AFTER_MS;
      const failed = good ? 0 : attempt;
      const until = input.now + wait(failed, input.roll, input.code);
      return [{ at: "waiting", until, attempt: failed + 1 }, ["close"]];
    }
    case "due":
      return phase.at === "waiting" && input.now >= phase.until
        ? [{ at: "connecting", attempt }, ["open"]]
        : [phase, []];
    case "hurry":
      return phase.at === "waiting" ? [{ at: "connecting", attempt }, ["open"]] : [phase, []];
    case "network":
      if (!input.online) {
        if (phase.at === "stopped" || phase.at === "offline") return [phase, []];
        return [{ at: "offline", attempt: 0 }, holds ? ["close"] : []];
      }
      return phase.at === "offline" || phase.at === "waiting"
        ? [{ at: "connecting", attempt: 0 }, ["open"]]
        : [phase, []];
  }
}
