// Sequential: the order of the passes, and the table it shows.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  Flatten,
  Generator,
  Layer,
  Linear,
  ReLU,
  Residual,
  Sequential,
  type Tensor,
  tensor,
} from "../../../lib/index.ts";

const random = new Generator(1);
const linear = (inFeatures: number, outFeatures: number): Linear =>
  new Linear({ inFeatures, outFeatures, random });

class Recorder extends Layer {
  readonly #calls: string[];
  readonly #name: string;

  constructor(name: string, calls: string[]) {
    super();
    this.#name = name;
    this.#calls = calls;
  }

  override forward(input: Tensor): Tensor {
    this.#calls.push(`forward ${this.#name}`);
    return input;
  }

  override backward(gradOutput: Tensor): Tensor {
    this.#calls.push(`backward ${this.#name}`);
    return gradOutput;
  }
}

describe("a chain of layers", () => {
  test("runs forward in order and backward in reverse", () => {
    const calls: string[] = [];
    const model = new Sequential(new Recorder("a", calls), new Recorder("b", calls));
    model.backward(model.forward(tensor([1])));
    expect(calls).toEqual(["forward a", "forward b", "backward b", "backward a"]);
  });

  test("names its parameters by the position of their layer", () => {
    const model = new Sequential(linear(2, 3), new ReLU(), new Sequential(linear(3, 1)));
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      "0.weight",
      "0.bias",
      "2.0.weight",
      "2.0.bias",
    ]);
  });

  test("passes everything through when it is empty", () => {
    const x = tensor([1, 2]);
    expect(new Sequential().forward(x)).toBe(x);
  });
});

describe("one layer in two places of a chain", () => {
  const relu = new ReLU();

  test("is refused when the chain is made, and named", () => {
    const make = (): Layer => new Sequential(linear(2, 2), relu, linear(2, 2), relu);
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow("got one ReLU at 1 and at 3");
    expect(make).toThrow("Make a new ReLU for each place.");
  });

  test("is found in chains of chains too", () => {
    const make = (): Layer =>
      new Sequential(new Residual(relu), new Sequential(linear(2, 2), relu));
    expect(make).toThrow("got one ReLU at 0.block and at 1.1");
  });

  test("may stand in two chains", () => {
    const shared = linear(2, 2);
    const [one, other] = [new Sequential(shared, linear(2, 1)), new Sequential(shared)];
    expect(one.chain[0]).toBe(other.chain[0]);
  });
});

describe("the summary", () => {
  const model = new Sequential(linear(784, 256), new ReLU(), linear(256, 10));

  test("lists output shapes and parameter counts, and their total", () => {
    const text = model.toMimeBundle()["text/plain"]!;
    expect(text.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["Sequential"],
      ["layer", "output shape", "parameters"],
      [expect.stringMatching(/^-+$/)],
      ["0 Linear(784 -> 256)", "[batch, 256]", "200,960"],
      ["1 ReLU", "[batch, 256]", "0"],
      ["2 Linear(256 -> 10)", "[batch, 10]", "2,570"],
      [expect.stringMatching(/^-+$/)],
      ["total", "203,530"],
    ]);
  });

  test("comes as a table with escaped text too", () => {
    const html = model.toMimeBundle()["text/html"]!;
    expect(html).toContain("0 Linear(784 -&gt; 256)</td>");
    expect(html).toContain("203,530</th>");
  });

  test("has question marks where a shape is known only when it runs", () => {
    const text = new Sequential(new Flatten(), linear(4, 2)).toMimeBundle()["text/plain"]!;
    expect(text).toMatch(/0 Flatten +\? +0/);
  });
});
