// Turns: work in order, and what becomes of those who wait behind a failure.
import { describe, expect, test } from "vitest";
import { Turns } from "../../../lib/compile/turns.ts";

const settled = async (...promises: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(promises)).map((each) =>
    each.status === "fulfilled" ? String(each.value) : (each.reason as Error).message,
  );

describe("turns", () => {
  test("begin work only when the work before has ended", async () => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    await Promise.all([turns.add(work("a")), turns.add(work("b"))]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("let those who wait behind a failure fail with it, and those who come later begin anew", async () => {
    const turns = new Turns();
    const fails = turns.add(() => Promise.reject(new RangeError("broken")));
    const waits = turns.add(() => Promise.resolve("done"));
    expect(await settled(fails, waits)).toEqual(["broken", "broken"]);
    expect(await turns.add(() => Promise.resolve("later"))).toBe("later");
  });

  test("do work anyway that was asked for whatever happens", async () => {
    const turns = new Turns();
    const fails = turns.add(() => Promise.reject(new RangeError("broken")));
    const anyway = turns.addAnyway(() => Promise.resolve("done"));
    expect(await settled(fails, anyway)).toEqual(["broken", "done"]);
  });
});
