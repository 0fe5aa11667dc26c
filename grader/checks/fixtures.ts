// Functions that a check may pass as an argument: named, so that a check stays data.

/** The name of a fixture. */
export type FixtureName = "identity" | "relu" | "tanh";

const FIXTURES: Readonly<Record<FixtureName, (z: number) => number>> = {
  identity: (z) => z,
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
};

/** An argument that stands for a function: `{ fixture: "relu" }`. */
export interface FixtureArgument {
  readonly fixture: FixtureName;
}

/** Puts the functions in place of the fixtures that stand among the arguments; everything else is copied. */
export function resolveArguments(inputs: readonly unknown[]): unknown[] {
  return inputs.map((input) =>
    isFixture(input) ? FIXTURES[input.fixture] : structuredClone(input),
  );
}

function isFixture(input: unknown): input is FixtureArgument {
  return typeof input === "object" && input !== null && "fixture" in input;
}
