// The generator: what seeds, streams and positions promise, and that it makes its numbers of the words of Philox.
import { describe, expect, test, vi } from "vitest";
import { ArgumentError, Generator } from "../../lib/index.ts";
import { philox } from "../../lib/philox.ts";

describe("Generator", () => {
  test("the same seed draws the same numbers, another seed others", () => {
    const draw = (seed: number): number[] =>
      Array.from({ length: 5 }, generatorDraw(new Generator(seed)));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(2 ** 40)).not.toEqual(draw(0));
  });

  test("a number depends on seed, stream and position alone", () => {
    const random = new Generator(7);
    random.fillUniform(new Float64Array(20));
    const later = new Generator(random.state.seed, random.state);
    const direct = new Generator(7, { position: 10 });
    const expected = random.normal();
    expect([later.normal(), direct.normal()]).toEqual([expected, expected]);
  });

  test("goes on from an earlier state of its own, and from no other", () => {
    const random = new Generator(7).child(1);
    random.normal();
    const { state } = random;
    const expected = [random.normal(), random.normal()];
    random.resume(state);
    expect([random.normal(), random.normal()]).toEqual(expected);
    const others = [new Generator(8).state, new Generator(7).state, { ...state, position: -1 }, {}];
    for (const other of others) {
      expect(() => random.resume(other as typeof state)).toThrow(ArgumentError);
      expect(() => random.resume(other as typeof state)).toThrow(
        "new Generator(state.seed, state)",
      );
    }
  });

  test("positions beyond 32 bits do not repeat earlier ones", () => {
    const early = new Generator(7, { position: 5 });
    const late = new Generator(7, { position: 2 ** 32 + 5 });
    expect(late.uniform()).not.toBe(early.uniform());
  });

  test("two words of Philox make a number: 53 bits, with the position as counter and the seed as key", () => {
    const seed = 5 * 2 ** 32 + 7;
    const words = new Uint32Array(4);
    const drawn = new Generator(seed, { position: 2 ** 32 + 3 }).fillUniform(new Float64Array(2));
    philox(Uint32Array.of(3, 1, 0, 0), [7, 5], words);
    const [a, b, c, d] = words as unknown as [number, number, number, number];
    const number = (high: number, low: number): number =>
      Number((BigInt(high) << 21n) | BigInt(low >>> 11)) / 2 ** 53;
    expect([...drawn]).toEqual([number(a, b), number(c, d)]);
  });

  test.each([0, 2 ** 32 - 2000, 2 ** 45 - 1])(
    "a bulk draw from position %i on is what single draws at its positions give",
    (position) => {
      const bulk = new Generator(3, { position });
      const drawn = bulk.fillUniform(new Float64Array(9001));
      const normal = new Generator(3, { position }).fillNormal(new Float64Array(9001));
      expect(bulk.state.position).toBe(position + 4501);
      for (let pair = 0; pair < 4501; pair += 100) {
        const single = (): Generator => new Generator(3, { position: position + pair });
        expect(single().uniform()).toBe(drawn[2 * pair]);
        expect(single().normal()).toBe(normal[2 * pair]);
      }
    },
  );

  test("draws the same numbers where there is no WebAssembly", async () => {
    const expected = new Generator(9).fillNormal(new Float64Array(5000));
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    try {
      const plain = await import("../../lib/random.ts");
      expect(new plain.Generator(9).fillNormal(new Float64Array(5000))).toEqual(expected);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("a bulk draw is the sequence of single draws' pairs, whatever the length", () => {
    const [short, long] = [new Float64Array(3), new Float64Array(9)];
    new Generator(1).fillUniform(short);
    new Generator(1).fillUniform(long);
    expect([...long.subarray(0, 3)]).toEqual([...short]);
    expect(new Generator(1).uniform()).toBe(long[0]);
  });

  test("float32 keeps the top 24 bits of the float64 draw, so it never rounds up to 1", () => {
    const [double, single] = [new Float64Array(1000), new Float32Array(1000)];
    new Generator(2).fillUniform(double);
    new Generator(2).fillUniform(single);
    for (const [i, value] of single.entries()) {
      expect(value).toBe(Math.floor(double[i]! * 2 ** 24) / 2 ** 24);
    }
  });

  test("children are independent of each other, of the parent, and of what was drawn before", () => {
    const random = new Generator(7);
    const before = random.child(3).uniform();
    random.uniform();
    expect(random.child(3).uniform()).toBe(before);
    const first = [random, random.child(0), random.child(1), random.child(0).child(0)].map((each) =>
      each.uniform(),
    );
    expect(new Set(first).size).toBe(4);
    // The name of a child's stream is no number that the parent draws.
    const drawn = Math.floor(new Generator(7).uniform() * 2 ** 32);
    expect(new Generator(7).child(0).state.stream[0]).not.toBe(drawn);
  });

  test("uniform numbers have the mean, variance and range of an even distribution", () => {
    const x = new Generator(11).fillUniform(new Float64Array(20_000));
    const [mean, variance] = moments(x);
    // Four standard errors: 4 * sqrt(1/12 / n) and 4 * sqrt(1/180 / n).
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0082);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0022);
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x)).toBeLessThan(1);
  });

  test("normal numbers have mean 0, variance 1, no skew and the kurtosis 3", () => {
    const x = new Generator(12).fillNormal(new Float64Array(20_000));
    const [mean, variance, third, fourth] = moments(x);
    // Four standard errors: 4 / sqrt(n) times 1, sqrt 2, sqrt 15 and sqrt 96.
    expect(Math.abs(mean)).toBeLessThan(0.029);
    expect(Math.abs(variance - 1)).toBeLessThan(0.041);
    expect(Math.abs(third)).toBeLessThan(0.11);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.28);
    // Neighbours, which come from one pair of draws, are uncorrelated: four standard errors again.
    const neighbours = x.reduce((sum, value, i) => sum + value * (x[i ^ 1] ?? 0), 0) / x.length;
    expect(Math.abs(neighbours)).toBeLessThan(0.041);
  });

  test("a permutation holds every number once, and every place can take every number", () => {
    const random = new Generator(5);
    expect([...random.permutation(50)].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
    expect([...random.permutation(1)]).toEqual([0]);
    expect([...random.permutation(0)]).toEqual([]);
    const seen = new Set(Array.from({ length: 200 }, () => random.permutation(3).join("")));
    expect(seen.size).toBe(6);
  });

  test("integer includes the lower end and excludes the upper one", () => {
    const random = new Generator(5);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(-1, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1]);
  });

  test("wrong arguments are refused with the fix", () => {
    expect(() => new Generator(-1)).toThrow(ArgumentError);
    expect(() => new Generator(1.5)).toThrow("Choose any such number, for example");
    expect(() => new Generator(1).child(-1)).toThrow("random.child(epoch)");
    expect(() => new Generator(1).permutation(2.5)).toThrow("for example dataset.length");
    expect(() => new Generator(1).integer(3, 3)).toThrow("The upper end is not included");
  });
});

function generatorDraw(random: Generator): () => number {
  return () => random.uniform();
}

function moments(x: Float64Array): [number, number, number, number] {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const central = (power: number): number =>
    x.reduce((sum, value) => sum + (value - mean) ** power, 0) / x.length;
  return [mean, central(2), central(3), central(4)];
}
