import { expect, it } from "vitest";
import { ago, dayName } from "./time.ts";

const NOW = new Date(2026, 10, 25, 12, 0).getTime();

it("days are called as people call them", () => {
  expect(dayName(NOW - 1000, NOW, "pt-BR")).toBe("Hoje");
  expect(dayName(NOW - 86_400_000, NOW, "en")).toBe("Yesterday");
  expect(dayName(new Date(2026, 2, 3).getTime(), NOW, "es")).toContain("marzo");
  expect(dayName(new Date(2025, 2, 3).getTime(), NOW, "en")).toContain("2025");
});

it("a time says how long it stays right", () => {
  expect(ago(NOW, NOW, "en")).toEqual(["now", 60_000]);
  expect(ago(NOW - 90_000, NOW, "en")).toEqual(["1 min. ago", 30_000]);
  expect(ago(NOW - 3 * 3_600_000, NOW, "pt-BR")[0]).toContain("3");
  expect(ago(NOW + 5_000, NOW, "en")[0]).toBe("now");
});
