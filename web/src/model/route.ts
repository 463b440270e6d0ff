// Addresses of what is on the screen: whoever has one comes to the same place.

/** What stands beside the timeline, or over it where there is little room. */
export const PANELS = ["people", "search", "pins", "settings", "help", "account", "order", "links", "audit"] as const;
export type Panel = (typeof PANELS)[number];

/** What is on the screen. */
export type Route = {
  /** A room, */
  room?: string;
  /** or words with one person, */
  direct?: string;
  /** and one of the messages there. */
  seq?: number;
  /** A guest link. */
  invitation?: string;
  panel?: Panel;
};

/** What an address shows; anything unknown is the entrance. */
export function parse(path: string, query: string): Route {
  const route: Route = {};
  const [kind, name, seq] = path.split("/").slice(1).map(decode);
  if (kind === "r" && name) {
    route.room = name;
    if (seq && /^\d{1,15}$/.test(seq)) route.seq = Number(seq);
  } else if (kind === "d" && name) {
    route.direct = name;
    if (seq && /^\d{1,15}$/.test(seq)) route.seq = Number(seq);
  } else if (kind === "i" && name) {
    route.invitation = name;
  }
  const panel = new URLSearchParams(query).get("panel");
  const known = PANELS.find((other) => other === panel);
  if (known) route.panel = known;
  return route;
}

/** The address of what is shown. */
export function format(route: Route): string {
  let path = "/";
  if (route.room !== undefined) {
    path = `/r/${encodeURIComponent(route.room)}`;
    if (route.seq !== undefined) path += `/${route.seq}`;
  } else if (route.direct !== undefined) {
    path = `/d/${encodeURIComponent(route.direct)}`;
    if (route.seq !== undefined) path += `/${route.seq}`;
  } else if (route.invitation !== undefined) {
    path = `/i/${encodeURIComponent(route.invitation)}`;
  }
  // A guest link's path alone is the server's page, which needs no script.
  const query = route.invitation !== undefined && route.room === undefined && route.direct === undefined ? ["app"] : [];
  if (route.panel) query.push(`panel=${route.panel}`);
  return query.length > 0 ? `${path}?${query.join("&")}` : path;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
