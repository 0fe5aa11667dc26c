// Options in braces: what is none is told, whoever gets it.
import { expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";

const model = new lib.Linear({ inFeatures: 2, outFeatures: 1, random: new lib.Generator(1) });
const weights = lib.stateDict(model);

const calls: readonly [owner: string, call: (options: never) => unknown][] = [
  ["stateDict", (options) => lib.stateDict(model, options)],
  ["loadStateDict", (options) => lib.loadStateDict(model, weights, options)],
  ["writeSafetensors", (options) => lib.writeSafetensors(weights, options)],
  ["saveWeights", (options) => lib.saveWeights(model, "nowhere.npz", options)],
  ["loadWeights", (options) => lib.loadWeights(model, "nowhere.npz", options)],
];

test.each(calls)("%s asks for options in braces, or none", async (owner, call) => {
  const errorOf = async (options: unknown): Promise<unknown> => {
    try {
      await call(options as never);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const error = await errorOf(null);
  expect(error).toBeInstanceOf(lib.ArgumentError);
  expect((error as Error).message).toMatch(
    new RegExp(
      `^${owner}: expects options in braces, got null\\. Pass \\{.*\\}, or leave it out\\.$`,
    ),
  );
  expect(String(await errorOf("torch"))).toContain('got "torch"');
});
