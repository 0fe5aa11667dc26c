// Who called: errors of a run tell of the line that waits for it, whatever thread and turn they come from.
import { expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { batch, parts, step } from "../../support/small-step.ts";

const HERE = /caller\.test\.ts:\d+/;
const wrong = { ...batch(), targets: lib.full([2], 7, { dtype: "int32" }) };

const stackOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(lib.GradlabError);
  return (error as Error).stack!;
};

test.each([true, false])(
  "a graph that fails in a run names its caller (worker: %s)",
  async (worker) => {
    const all = parts();
    const compiled = lib.compile(step(all), { ...all, worker });
    const stack = await stackOf(compiled.run([batch(), wrong]));
    expect(stack).toMatch(HERE);
    expect(stack.indexOf("caller.test.ts")).toBe(stack.lastIndexOf("caller.test.ts"));
    compiled.dispose();
  },
);

test("a step that returns nothing names its caller", async () => {
  const all = parts();
  const compiled = lib.compile(() => ({}), all);
  expect(await stackOf(compiled.run(batch()))).toMatch(HERE);
  compiled.dispose();
});

test("a compiled training that fails names its caller", async () => {
  const all = parts();
  const inputs = lib.ones([8, 4]);
  const data = new lib.Dataset(inputs, lib.full([8], 7, { dtype: "int32" }));
  const random = new lib.Generator(1);
  const options = {
    ...all,
    train: data,
    epochs: 2,
    batchSize: 4,
    random,
    progress: false,
  } as const;
  expect(await stackOf(lib.fit(all.model, { ...options, compiled: true }))).toMatch(HERE);
});
