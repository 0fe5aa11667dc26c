// What was read or set last stays; what nobody has asked for the longest is forgotten.
import { expect, test } from "vitest";
import { RecentMap } from "../../../kernel/execute/recent-map.ts";

test("the entry that was neither set nor read for the longest goes first", () => {
  const map = new RecentMap<string, number>(3);
  map.set("a", 1).set("b", 2).set("c", 3);
  expect(map.get("a")).toBe(1);
  map.set("d", 4);
  expect([...map.keys()]).toEqual(["c", "a", "d"]);
  map.set("c", 5).set("e", 6);
  expect([...map]).toEqual([
    ["d", 4],
    ["c", 5],
    ["e", 6],
  ]);
  expect(map.get("b")).toBeUndefined();
});
