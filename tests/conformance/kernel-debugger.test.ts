// The debugger over the protocol, as JupyterLab's panel uses it: every message is validated, every stop is real.
// Covers: kernel/debug/*.ts, kernel/execute/inspector-client.ts, kernel/execute/runtime/debug-link.ts, kernel/handlers/debug.ts
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DebugClient } from "../support/debug-client.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
let client: DebugClient;
beforeAll(async () => {
  kernel = await TestKernel.start();
  client = new DebugClient(kernel);
});
afterEach(async () => {
  await client.ask("disconnect", { restart: false, terminateDebuggee: false });
});
afterAll(async () => {
  await kernel.stop();
});

const values = (variables: Record<string, { value: string }>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));

describe("a breakpoint in a cell", () => {
  const CODE = `interface Point { x: number; y: number }
// a comment

function norm(p: Point): number {
  const s: number = p.x * p.x +
    p.y * p.y;
  return Math.sqrt(s);
}
const length = norm({ x: 3, y: 4 });
length`;

  test("stops on its TypeScript line, with the variables of the function and of the cells", async () => {
    await client.attach();
    const { path, lines } = await client.breakAt(CODE, [7]);
    expect(lines).toEqual([7]);
    const { id, reply } = client.begin(CODE);
    const { body, frames } = await client.stopped();
    expect(body).toMatchObject({ reason: "breakpoint", threadId: 1, allThreadsStopped: true });
    expect(frames.map(({ name, line }) => `${name}:${line}`)).toEqual([
      "norm:7",
      expect.stringMatching(/^cell \[\d+\]:9$/),
    ]);
    expect(frames[0]?.source.path).toBe(path);
    const { Locals, Globals } = await client.scopes();
    expect(values(Locals ?? {})).toEqual({ p: "{ x: 3, y: 4 }", s: "25" });
    expect(Object.keys(Globals ?? {})).toContain("norm");
    expect(values(await client.inside(Locals?.["p"]?.variablesReference ?? 0))).toEqual({
      x: "3",
      y: "4",
    });
    expect(await client.must("continue", { threadId: 1 })).toEqual({ allThreadsContinued: true });
    await client.event("continued");
    expect((await reply).content["status"]).toBe("ok");
    await kernel.idle(id);
  });

  test("on a line without a statement moves to the next one", async () => {
    await client.attach();
    expect((await client.breakAt(CODE, [1])).lines).toEqual([4]);
    expect((await client.breakAt(CODE, [9, 10])).lines).toEqual([9, 10]);
  });

  test("in a function of a cell that ran before is hit when a later cell calls it", async () => {
    await kernel.execute(CODE);
    await client.attach();
    const { path } = await client.breakAt(CODE, [5]);
    const { id, reply } = client.begin("norm({ x: 1, y: 2 })");
    const { frames } = await client.stopped();
    expect(frames[0]).toMatchObject({ name: "norm", line: 5, source: { path } });
    await client.must("continue");
    await reply;
    await kernel.idle(id);
  });
});
