// How the doctor's findings are shown.
import { expect, test } from "vitest";
import { formatChecks, missing, ok, summarize } from "../../../cli/doctor/check.ts";
import { CommandError } from "../../../cli/exit-codes.ts";

const checks = [
  ok("node", "Node 24"),
  { name: "chromium", state: "warning", detail: "not found", fix: "install it" },
  { name: "kernel", state: "missing", detail: "silent", fix: "run npm ci" },
] as const;

test("findings stand in columns, each fix below its finding", () => {
  expect(formatChecks(checks, false)).toBe(
    [
      "ok       node      Node 24",
      "warning  chromium  not found",
      "                   fix: install it",
      "MISSING  kernel    silent",
      "                   fix: run npm ci",
    ].join("\n"),
  );
});

test("a terminal gets coloured states in the same columns", () => {
  const [first] = formatChecks(checks, true).split("\n");
  expect(first).toBe("\u001b[32mok       \u001b[0mnode      Node 24");
});

test("the summary says what the findings mean", () => {
  expect(summarize(checks)).toBe('1 required thing is missing: run the lines after "fix:".');
  expect(summarize(checks.slice(0, 2))).toBe(
    "Everything required works; 1 optional thing could be better.",
  );
  expect(summarize(checks.slice(0, 1))).toBe("Everything works.");
});

test("the fix of a message of our own is used, another error gets the given one", () => {
  const own = new CommandError("/x: cannot be written: the disk is full. Free some space.", 3);
  expect(missing("folder", own, "other")).toMatchObject({
    detail: "/x: cannot be written: the disk is full",
    fix: "Free some space.",
  });
  const foreign = new TypeError("broken. badly\n  at line 3");
  expect(missing("x", foreign, "other")).toMatchObject({ detail: "broken. badly", fix: "other" });
});
