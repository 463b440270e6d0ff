// Times as people say them, in the language of the page.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Messages of one person within so long, in ms, stand under one name. */
export const GROUP_MS = 5 * MINUTE_MS;

const kept = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function once<F extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => F): F {
  let known = kept.get(key);
  if (!known) kept.set(key, (known = make()));
  return known as F;
}

/** 14:05. */
export function clock(at: number, language: string): string {
  return once(`clock ${language}`, () =>
    new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }),
  ).format(at);
}

/** All of it, for who wants to know. */
export function full(at: number, language: string): string {
  return once(`full ${language}`, () =>
    new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }),
  ).format(at);
}

/** Nov 26, 2026, 17:02: for lists. */
export function stamp(at: number, language: string): string {
  return once(`stamp ${language}`, () =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }),
  ).format(at);
}

/** The day that was asked for last, from its start until the next one's: most are asked for again. */
let lastDay = { from: 0, until: 0 };

/** The start of the day, in ms, where this machine is. */
export function day(at: number): number {
  if (at >= lastDay.from && at < lastDay.until) return lastDay.from;
  const date = new Date(at);
  const start = (later: number) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + later).getTime();
  lastDay = { from: start(0), until: start(1) };
  return lastDay.from;
}

/** `today`, `yesterday`, or the date; the year only if it is another one. */
export function dayName(at: number, now: number, language: string): string {
  const days = Math.round((day(at) - day(now)) / DAY_MS);
  if (days === 0 || days === -1) {
    const name = once(`days ${language}`, () =>
      new Intl.RelativeTimeFormat(language, { numeric: "auto" }),
    ).format(days, "day");
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return once(`day ${language} ${sameYear}`, () =>
    new Intl.DateTimeFormat(language, {
      weekday: "long",
      day: "numeric",
      month: "long",
      ...(sameYear ? {} : { year: "numeric" }),
    }),
  ).format(at);
}

/** How long ago, coarsely; and in how many ms that will be said otherwise. */
export function ago(at: number, now: number, language: string): [string, number] {
  const past = Math.max(0, now - at);
  const format = once(`ago ${language}`, () =>
    new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }),
  );
  const step = past < HOUR_MS ? MINUTE_MS : past < DAY_MS ? HOUR_MS : DAY_MS;
  const count = Math.floor(past / step);
  const unit = step === MINUTE_MS ? "minute" : step === HOUR_MS ? "hour" : "day";
  const text = count === 0 ? format.format(0, "second") : format.format(-count, unit);
  return [text, step - (past % step)];
}
