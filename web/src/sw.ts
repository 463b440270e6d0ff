// The service worker: the shell of the page from this browser, so that it opens without a network.
// What is said never goes through here: it comes over the WebSocket.

/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Filled in when the page is built (build/shell.ts). */
const FILES = "__SHELL__" as unknown as string[];
const CACHE = "papo-__VERSION__";

/** Paths that are pages of their own, of the server or of an operator. */
const NOT_OURS = /^\/(ws|healthz|readyz|metrics|terminal|api)(\/|$)/;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

worker.addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (NOT_OURS.test(url.pathname)) return;
  // A guest link's page is the server's, which knows whether it still leads anywhere.
  if (url.pathname.startsWith("/i/") && !url.searchParams.has("app")) return;
  const wanted = event.request.mode === "navigate" ? "/" : url.pathname;
  if (!FILES.includes(wanted)) return;
  const answer = async () => (await caches.match(wanted, { cacheName: CACHE })) ?? fetch(event.request);
  event.respondWith(answer());
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = (event.notification.data as { address?: string } | null)?.address ?? "/";
  const show = async () => {
    const [page] = await worker.clients.matchAll({ type: "window" });
    if (!page) return void (await worker.clients.openWindow(address));
    await page.focus();
    page.postMessage({ go: address });
  };
  event.waitUntil(show());
});
