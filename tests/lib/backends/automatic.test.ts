// The backend with two gears: where it shifts, what never shifts, and machines without ONNX Runtime.
// Covers: lib/backends/onnx/runtime.ts
import { describe, expect, test } from "vitest";
import { automaticBackend } from "../../../lib/backends/automatic.ts";
import { onnxBackend } from "../../../lib/backends/onnx/eager.ts";
import { withBackend } from "../../../lib/backends/select.ts";
import * as lib from "../../../lib/index.ts";
import { type Ending, inEmptyHome, runAlone } from "../../support/run-alone.ts";

const LIBRARY = new URL("../../../dist/lib/index.js", import.meta.url).href;

const PRODUCT = "lib.matmul(lib.ones([64, 64]), lib.ones([64, 64])).toArray()[0][0]";

describe("the automatic backend", () => {
  const eager = automaticBackend({ multiplyAdds: 0, elements: 0 });

  test("computes float64 and whole numbers with the plain loops, to the last digit", () => {
    withBackend(eager, () => {
      const x = lib.tensor([1 / 3], { dtype: "float64" });
      expect(lib.exp(x).item()).toBe(Math.exp(1 / 3));
      const whole = lib.tensor([2 ** 30], { dtype: "int32" });
      expect(lib.mul(whole, 4).item()).toBe(0);
    });
  });

  test("gives the same numbers from both gears, up to float32 rounding", () => {
    const random = new lib.Generator(1);
    const [x, w] = [lib.randomNormal(random, [8, 300]), lib.randomNormal(random, [300, 5])];
    const [small, large] = [automaticBackend(), eager].map((backend) =>
      withBackend(backend, () => lib.matmul(x, w).toTypedArray()),
    );
    for (const [index, value] of small!.entries()) {
      expect(Math.abs(value - large![index]!)).toBeLessThan(1e-4);
    }
    expect(large).not.toEqual(small);
  });

  test("spreads large products over the cores, and gives the same bits every time", () => {
    const random = new lib.Generator(2);
    const [x, w] = [lib.randomNormal(random, [130, 300]), lib.randomNormal(random, [300, 170])];
    const everywhere = automaticBackend({ shared: 0 });
    const product = (): lib.TypedArray =>
      withBackend(everywhere, () => lib.matmul(x, w)).toTypedArray();
    const alone = withBackend(onnxBackend, () => lib.matmul(x, w)).toTypedArray();
    const first = product();
    expect(product()).toEqual(first);
    for (const [index, value] of alone.entries()) {
      expect(Math.abs(value - first[index]!)).toBeLessThan(1e-4);
    }
  });

  test("shares memory between the gears: nobody writes to what an op was given", () => {
    withBackend(eager, () => {
      const x = lib.tensor([1, -2, 3]);
      const y = lib.relu(x);
      expect(lib.add(x, y).toArray()).toEqual([2, -2, 6]);
      expect(x.toArray()).toEqual([1, -2, 3]);
    });
  });

  test("leaves ONNX Runtime alone until there is large work", () => {
    const program = `import * as lib from ${JSON.stringify(LIBRARY)};
      import { createRequire } from "node:module";
      const loaded = () => Object.keys(createRequire(${JSON.stringify(LIBRARY)}).cache).some((file) => file.includes("onnxruntime-node"));
      lib.matmul(lib.ones([4, 4]), lib.ones([4, 4]));
      const before = loaded();
      ${PRODUCT};
      console.log(JSON.stringify([before, loaded()]));`;
    const { output, stderr } = inEmptyHome((home) => runAlone(home, program));
    expect(stderr).toBe("");
    expect(output).toEqual([false, true]);
  });

  test("multiplies in WebAssembly where ONNX Runtime does not load, and in plain loops where that is missing too", () => {
    const program = (before: string): string => `${before}
      const lib = await import(${JSON.stringify(LIBRARY)});
      Object.defineProperty(process, "platform", { value: "plan9" });
      const instances = [];
      const { Instance } = globalThis.WebAssembly ?? {};
      if (Instance) WebAssembly.Instance = class extends Instance { constructor(module) { super(module); instances.push(1); } };
      console.log(JSON.stringify([${PRODUCT}, instances.length]));`;
    const ending = (before: string): Ending =>
      inEmptyHome((home) => runAlone(home, program(before)));
    expect(ending("")).toEqual({ output: [64, 1], stderr: "" });
    expect(ending("delete globalThis.WebAssembly;")).toEqual({ output: [64, 0], stderr: "" });
  });

  test("goes on where ONNX Runtime does not load, and says why when asked for it", () => {
    const program = `import * as lib from ${JSON.stringify(LIBRARY)};
      Object.defineProperty(process, "platform", { value: "plan9" });
      const product = ${PRODUCT};
      let message;
      try { lib.useBackend("onnx"); } catch (error) { message = error.message; }
      console.log(JSON.stringify([product, message]));`;
    const { output, stderr } = inEmptyHome((home) => runAlone(home, program));
    expect(stderr).toBe("");
    expect(output).toEqual([64, expect.stringContaining('go on with useBackend("typescript")')]);
  });
});
