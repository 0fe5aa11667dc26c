// The contract of scans: states that pass from step to step, and rows of every element type.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, numbers, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

// Steps, and the shape of a state.
const CASES: [number, number[]][] = [
  [1, []],
  [1, [1]],
  [4, [3]],
  [3, [2, 3]],
  [7, [1, 2, 2]],
];

/** Runs the contract of scans. */
export function sequenceContract({ on, dtypes, tolerance }: Subject): void {
  describe.each(CASES)("a scan of %i steps with states of shape %j", (steps, shape) => {
    test.each(dtypes)("hands on every state, and keeps every output in %s", (dtype) => {
      const [start, other] = [numbers(shape, 1, { dtype }), numbers(shape, 2, { dtype })];
      const [xs, ys] = [3, 4].map((seed) => numbers([steps, ...shape], seed, { dtype, scale: 1 }));
      const result = on(() =>
        lib.scan(
          { states: [toTensor(start), toTensor(other)], sequences: [toTensor(xs!), toTensor(ys!)] },
          ([a, b], [x, y]) => {
            // The states change places, so that one that is passed on twice is seen.
            const sum = lib.add(lib.mul(a!, 0.5), x!);
            const difference = lib.sub(b!, y!);
            return { states: [difference, sum], outputs: [sum, difference, lib.mul(x!, y!)] };
          },
        ),
      );
      const sums: Map<string, number>[] = [];
      const differences: Map<string, number>[] = [];
      let states = {
        a: (index: number[]) => at(start, index),
        b: (index: number[]) => at(other, index),
      };
      for (let t = 0; t < steps; t++) {
        const { a, b } = states;
        const [sum, difference] = [new Map<string, number>(), new Map<string, number>()];
        build(shape, (index) => {
          sum.set(index.join(), a(index) * 0.5 + at(xs!, [t, ...index]));
          difference.set(index.join(), b(index) - at(ys!, [t, ...index]));
          return 0;
        });
        sums.push(sum);
        differences.push(difference);
        states = {
          a: (index) => difference.get(index.join())!,
          b: (index) => sum.get(index.join())!,
        };
      }
      const bound = 10 * tolerance(dtype);
      expectClose(result.states[0]!, build(shape, states.a), bound);
      expectClose(result.states[1]!, build(shape, states.b), bound);
      const stacked = [steps, ...shape];
      const from =
        (rows: Map<string, number>[]) =>
        ([t, ...index]: number[]) =>
          rows[t!]!.get(index.join())!;
      expectClose(result.outputs[0]!, build(stacked, from(sums)), bound);
      expectClose(result.outputs[1]!, build(stacked, from(differences)), bound);
      const products = build(stacked, (index) => at(xs!, index) * at(ys!, index));
      expectClose(result.outputs[2]!, products, bound);
      expect([...result.states, ...result.outputs].every((each) => each.dtype === dtype)).toBe(
        true,
      );
    });
  });

  test.each(["int32", "bool"] as const)("a scan sees rows of %s, and keeps them", (dtype) => {
    const x = numbers([4, 3], 1, { dtype });
    const { states, outputs } = on(() =>
      lib.scan(
        { states: [lib.zeros([3], { dtype: "int32" })], sequences: [toTensor(x)] },
        ([count], [row]) => ({
          states: [lib.add(count!, lib.cast(row!, "int32"))],
          outputs: [row!],
        }),
      ),
    );
    expectClose(outputs[0]!, x, 0);
    expect([outputs[0]!.dtype, states[0]!.dtype]).toEqual([dtype, "int32"]);
    const sums = build([3], ([k]) => [0, 1, 2, 3].reduce((sum, t) => sum + at(x, [t, k!]), 0));
    expectClose(states[0]!, sums, 0);
  });

  test("a scan may have no state, or keep nothing", () => {
    const x = toTensor(numbers([2, 3], 1));
    const mapped = on(() =>
      lib.scan({ states: [], sequences: [x] }, (_, [row]) => ({
        states: [],
        outputs: [lib.neg(row!)],
      })),
    );
    expectClose(mapped.outputs[0]!, { shape: [2, 3], data: x.toTypedArray().map((v) => -v) }, 0);
    const folded = on(() =>
      lib.scan({ states: [lib.zeros([3])], sequences: [x] }, ([sum], [row]) => ({
        states: [lib.maximum(sum!, row!)],
        outputs: [],
      })),
    );
    expect([folded.states.length, folded.outputs.length]).toEqual([1, 0]);
  });
}
