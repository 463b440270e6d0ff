// Which addresses may be followed from a message. The server says the same; twice is safer.

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address, if it is of a kind that may be followed. */
export function safeUrl(url: string): string | undefined {
  try {
    return SCHEMES.has(new URL(url).protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
