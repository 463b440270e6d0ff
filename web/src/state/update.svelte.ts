// The service worker: the shell is there without a network, and a newer one is offered, not forced.

/** Only this address is ever run as a worker. */
const WORKER = "/sw.js";
/** How often a page that stays open looks for a newer one, in ms. */
const LOOK_MS = 30 * 60_000;

class Update {
  waiting = $state.raw<ServiceWorker | undefined>();
}

const update = new Update();

/** Whether a newer page is ready. */
export function isReady(): boolean {
  return update.waiting !== undefined;
}

/** Takes the newer page: all tabs of this browser load it. */
export function take(): void {
  update.waiting?.postMessage("take over");
}

/** Registers the worker. */
export function serveOffline(): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker || import.meta.env.DEV) return;
  const hadOne = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => hadOne && location.reload());
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ go?: string }>) => {
    if (!data.go?.startsWith("/")) return;
    history.pushState(null, "", data.go);
    dispatchEvent(new PopStateEvent("popstate"));
  });
  serviceWorker
    .register(trusted(WORKER) as string)
    .then((registration) => {
      const look = () => {
        if (registration.waiting && hadOne) update.waiting = registration.waiting;
      };
      look();
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", look);
      });
      setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
    })
    .catch(() => undefined);
}

type Policy = { createScriptURL(url: string): unknown };
type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

/** The address as Trusted Types wants it. */
function trusted(url: string): unknown {
  const factory = (window as { trustedTypes?: Factory }).trustedTypes;
  const policy = factory?.createPolicy("papo", {
    createScriptURL(wanted) {
      if (wanted !== WORKER) throw new TypeError(wanted);
      return wanted;
    },
  });
  return policy ? policy.createScriptURL(url) : url;
}
