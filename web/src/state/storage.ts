// What is kept in this browser, under one prefix. A browser that keeps nothing loses only comfort.

const PREFIX = "papo.";

/** What is kept under a name, or `otherwise`. */
export function stored<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Keeps a value; nothing, or an empty text, is forgotten. */
export function store(name: string, value: unknown): void {
  try {
    if (value === undefined || value === "") localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or forbidden: it will not be there next time.
  }
}
