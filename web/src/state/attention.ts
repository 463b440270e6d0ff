// What reaches people who look elsewhere: the tab's title and badge, a sound, the system's notices.

let audio: AudioContext | undefined;

/** Two soft tones, made here: no file to load. Silent where the browser wants a click first. */
export function chime(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") return void audio.resume();
    const start = audio.currentTime;
    for (const [at, pitch] of [[0, 660], [0.09, 880]] as const) {
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.0001, start + at);
      loudness.gain.exponentialRampToValueAtTime(0.08, start + at + 0.015);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.22);
      tone.connect(loudness).connect(audio.destination);
      tone.start(start + at);
      tone.stop(start + at + 0.25);
    }
  } catch {
    // No sound on this machine.
  }
}

/** A notice of the system; `tag` is the address it leads to, and later ones replace it. */
export function notify(title: string, body: string, tag: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const options = { body, tag, icon: "/icon-192.png", data: { address: `/${tag}` } };
  navigator.serviceWorker?.ready
    .then((worker) => worker.showNotification(title, options))
    .catch(() => undefined);
}

/** Asks whether notices may be shown. */
export async function mayNotify(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}

/** The tab's title, and the installed app's badge. */
export function title(where: string | undefined, unread: number): void {
  const name = where ? `${where} · papo` : "papo";
  document.title = unread > 0 ? `(${unread}) ${name}` : name;
  if ("setAppBadge" in navigator) {
    const done = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge();
    done.catch(() => undefined);
  }
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = unread > 0 ? "/icon-unread.svg" : "/icon.svg";
  if (icon && icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
}
