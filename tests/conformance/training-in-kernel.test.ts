// fit inside the real kernel: it shows its progress while it runs, and one interrupt leaves a whole model behind.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

const SETUP = `
import { Dataset, fit, Generator, Linear, MeanSquaredErrorLoss, randomNormal, SGD, sum } from "gradlab";
const random = new Generator(1);
const inputs = randomNormal(random, [64, 3]);
const train = new Dataset(inputs, sum(inputs, { axes: [1], keepDims: true }));
const model = new Linear({ inFeatures: 3, outFeatures: 1, random });
const optimizer = new SGD(model.parameters(), { learningRate: 0.01 });
const loss = new MeanSquaredErrorLoss();
const train64 = (epochs: number) => fit(model, { train, loss, optimizer, epochs, batchSize: 16, random });
`;

test("training shows its progress and its history", async () => {
  await kernel.execute(SETUP);
  const { messages, error, result } = await kernel.execute("await train64(3)");
  expect(error).toBeUndefined();
  const types = messages.map(({ header }) => header.msg_type);
  expect(types).toContain("display_data");
  expect(result?.["text/plain"]).toContain("Training of 12 steps");
});

test("an interrupt ends it between two steps, and training can go on", async () => {
  const { id, reply } = kernel.send("shell", "execute_request", { code: "await train64(1e6)" });
  const updates = (): number =>
    kernel.published.filter(
      ({ header, parentHeader }) =>
        header.msg_type === "update_display_data" && parentHeader["msg_id"] === id,
    ).length;
  await kernel.until(() => updates() > 0, "an update of the progress");
  await kernel.interrupt();
  expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
  await kernel.idle(id);

  const code = "model.parameters().every(({ gradient }) => gradient === undefined)";
  expect((await kernel.execute(code)).result).toEqual({ "text/plain": "true" });
  const steps = Number((await kernel.execute("optimizer.stepCount")).result?.["text/plain"]);
  expect(steps).toBeGreaterThan(12);
  // No step was taken by itself meanwhile: the loop has really ended.
  await kernel.execute("await new Promise((resolve) => setTimeout(resolve, 60))");
  const later = Number((await kernel.execute("optimizer.stepCount")).result?.["text/plain"]);
  expect(later).toBe(steps);
  expect((await kernel.execute("(await train64(1)).stopped")).error).toBeUndefined();
});

test("a cell reads what a compiled step has learned in the cell before", async () => {
  const made = await kernel.execute(`
    import { compile, zeros } from "gradlab";
    import type { Tensor } from "gradlab";
    const step = ({ inputs, targets }: { inputs: Tensor; targets: Tensor }) => {
      const value = loss.forward(model.forward(inputs), targets);
      model.backward(loss.backward());
      optimizer.step();
      return { loss: value };
    };
    const compiled = compile(step, { model, optimizer });
    const batch = { inputs: train.inputs, targets: train.targets };
    const lossNow = () => loss.forward(model.forward(train.inputs), train.targets).item();
    model.weight.value = zeros([3, 1]);
    const before = lossNow();`);
  expect(made.error).toBeUndefined();
  expect((await kernel.execute("await compiled.run([batch, batch]);")).error).toBeUndefined();
  const read = await kernel.execute("lossNow() < before");
  expect(read.error).toBeUndefined();
  expect(read.result).toEqual({ "text/plain": "true" });
  expect((await kernel.execute("compiled.dispose(); model.weight.value")).error).toBeUndefined();
});

test("an interrupt ends a long run of a compiled step, and nothing trains on behind the cell", async () => {
  const step = `
const stepped = compile(({ inputs, targets }: { inputs: Tensor; targets: Tensor }) => {
  const value = loss.forward(model.forward(inputs), targets);
  model.backward(loss.backward());
  optimizer.step();
  return { loss: value };
}, { model, optimizer });
const { inputs: x, targets: y } = train;
const many = Array.from({ length: 300_000 }, () => ({ inputs: x, targets: y }));
const count = async () => \`\${optimizer.stepCount} \${model.weight.value.toArray()}\`;
(await stepped.run({ inputs: x, targets: y })).loss.length`;
  expect(
    (await kernel.execute(`import { compile, type Tensor } from "gradlab";${step}`)).result,
  ).toEqual({
    "text/plain": "1",
  });
  const code = `setTimeout(() => console.log("begun"), 0);
await stepped.run(many);`;
  const { id, reply } = kernel.send("shell", "execute_request", { code });
  const hasBegun = (): boolean =>
    kernel.published.some(
      ({ header, parentHeader }) => header.msg_type === "stream" && parentHeader["msg_id"] === id,
    );
  await kernel.until(hasBegun, "the beginning of the run");
  await kernel.interrupt();
  const { content } = await reply;
  expect(content["ename"]).toBe("KeyboardInterrupt");
  expect(content["evalue"]).toContain("compile: run expected to train on 300000 batches");
  await kernel.idle(id);

  const before = (await kernel.execute("await count()")).result;
  expect(before).toEqual({ "text/plain": expect.stringMatching(/^'[1-9]\d* /) });
  await kernel.execute("await new Promise((resolve) => setTimeout(resolve, 60))");
  expect((await kernel.execute("await count()")).result).toEqual(before);
  expect(
    (await kernel.execute("(await stepped.run({ inputs: x, targets: y })).loss.length")).error,
  ).toBeUndefined();
});

test.each([
  ["a bare tensor", "return value;", "give the tensor a name: return { loss };"],
  ["nothing", "", "end the step with the tensors to be seen, by name: return { loss };"],
  ["a number", "return { loss: value.item() };", "return tensors without .item()"],
])("a step that returns %s is a type error that says what to return", async (_what, end, words) => {
  await kernel.execute(SETUP);
  const { error } = await kernel.execute(`
    import { compile } from "gradlab";
    import type { Tensor } from "gradlab";
    compile(({ inputs, targets }: { inputs: Tensor; targets: Tensor }) => {
      const value = loss.forward(model.forward(inputs), targets);
      ${end}
    }, { model, optimizer });`);
  expect(error?.["ename"]).toBe("TS2345");
  expect(String(error?.["traceback"])).toContain(words);
});
