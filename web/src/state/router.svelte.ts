// The address bar: what is shown is what it says, and back and forward are the browser's own.

import { format, parse, type Panel, type Route } from "../model/route.ts";

class Router {
  route = $state.raw<Route>(parse(location.pathname, location.search));
}

const router = new Router();

addEventListener("popstate", () => {
  router.route = parse(location.pathname, location.search);
});

/** What is shown. */
export function route(): Route {
  return router.route;
}

/** Shows something else. `replace`: going back does not lead here. */
export function go(to: Route, replace = false): void {
  const address = format(to);
  if (address === location.pathname + location.search) {
    router.route = to;
    return;
  }
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  router.route = to;
}

/** Shows a panel, or hides it if it is there. */
export function toggle(panel: Panel): void {
  const { panel: shown, ...rest } = router.route;
  go(shown === panel ? rest : { ...rest, panel }, shown !== undefined);
}

/** Hides the panel. */
export function hide(): void {
  const { panel, ...rest } = router.route;
  if (panel) go(rest, true);
}
