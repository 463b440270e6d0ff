import { expect, it } from "vitest";
import { format, parse, type Route } from "./route.ts";

it("an address leads back to what it was made from", () => {
  const routes: Route[] = [
    {},
    { room: "redes" },
    { room: "redes", seq: 12 },
    { room: "今日は", panel: "people" },
    { direct: "bia" },
    { direct: "bia", seq: 4, panel: "pins" },
    { invitation: "papo_abc" },
    { invitation: "papo_abc", panel: "help" },
    { room: "a.b-c_d", seq: 9_007_199_254_740, panel: "search" },
  ];
  for (const route of routes) {
    const url = new URL(format(route), "http://x");
    expect(parse(url.pathname, url.search)).toEqual(route);
  }
});

it("what is no address is the entrance", () => {
  for (const path of ["/x", "/r/", "/r/%ff", "/r", "//evil", "/../"]) {
    expect(parse(path, "?panel=nothing")).toEqual({});
  }
  expect(parse("/r/redes/abc", "")).toEqual({ room: "redes" });
});
