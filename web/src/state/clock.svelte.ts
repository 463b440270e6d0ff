// The time, for what is said in relation to it: stirs once in half a minute, and never while nobody looks.

const STEP_MS = 30_000;

class Clock {
  now = $state(Date.now());
}

const clock = new Clock();

function stir(): void {
  if (document.visibilityState === "visible") clock.now = Date.now();
}

setInterval(stir, STEP_MS);
document.addEventListener("visibilitychange", stir);

/** Now, in ms, to half a minute. */
export function now(): number {
  return clock.now;
}
