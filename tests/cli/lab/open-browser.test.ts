// The browser is opened by the platform's own program, and a missing one is no error.
import { describe, expect, test } from "vitest";
import { browserCommand, openBrowser } from "../../../cli/lab/open-browser.ts";

describe("opening a browser", () => {
  test.each<[NodeJS.Platform, string]>([
    ["darwin", "open"],
    ["linux", "xdg-open"],
    ["win32", "cmd"],
  ])("%s uses %s", (platform, program) => {
    expect(browserCommand("http://127.0.0.1/lab?a=1&b=2", platform)[0]).toBe(program);
  });

  test("on Windows the mark that joins commands is escaped", () => {
    expect(browserCommand("http://127.0.0.1/lab?a=1&b=2", "win32")[1].join(" ")).toContain(
      "a=1^&b=2",
    );
  });

  test("without that program the answer is no", async () => {
    expect(await openBrowser("", ["no-such-program-here", []])).toBe(false);
    expect(await openBrowser("", [process.execPath, ["-e", ""]])).toBe(true);
  });
});
