// Asks for an emoji: whoever asks gets the one that is picked, and the focus back.

class Picking {
  then = $state.raw<((emoji: string) => void) | undefined>();
}

const picking = new Picking();
let before: Element | null = null;

/** Shows the picker; calls `then` with what is picked. */
export function pick(then: (emoji: string) => void): void {
  before = document.activeElement;
  picking.then = then;
}

/** Who asks, if anyone does. */
export function asking(): ((emoji: string) => void) | undefined {
  return picking.then;
}

/** Nothing is asked any more. */
export function done(): void {
  picking.then = undefined;
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}
