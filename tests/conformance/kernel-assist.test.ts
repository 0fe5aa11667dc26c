// Completion and inspection by a real kernel process, with and without a language server, idle and busy.
// Covers: kernel/assist/complete.ts, kernel/assist/inspect.ts, kernel/assist/source-text.ts, kernel/assist/commands.ts
// Covers: kernel/assist/language.ts, kernel/assist/server-answers.ts, kernel/execute/runtime/live-values.ts
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

/** The offers at the mark. */
async function offered(marked: string): Promise<string[]> {
  const content = { code: marked.replace("|", ""), cursor_pos: marked.indexOf("|") };
  const reply = await kernel.request("shell", "complete_request", content);
  return reply.content["matches"] as string[];
}

describe("values as they are now", () => {
  test("looking at them runs no getter and no trap of a proxy", async () => {
    await kernel.execute(
      `let looks = 0;
      const watched = JSON.parse('{"inside": {"deep": 1}}');
      Object.defineProperty(watched, "getter", { get() { looks++; return { hidden: 1 }; }, enumerable: true });
      const proxy: any = new Proxy({}, { ownKeys() { looks++; return []; }, get() { looks++; return 1; } });`,
    );
    expect(await offered("watched.|")).toEqual(expect.arrayContaining(["getter", "inside"]));
    expect(await offered("watched.inside.|")).toContain("deep");
    expect(await offered("watched.getter.|")).not.toContain("hidden");
    await offered("proxy.|");
    expect((await kernel.execute("looks")).result).toEqual({ "text/plain": "0" });
  });
});

describe("hostile requests", () => {
  test.each([-5, 99_999, 1.5, null, "x", undefined])("cursor_pos %s is answered", async (at) => {
    const content = { code: "Math.sq", ...(at === undefined ? {} : { cursor_pos: at }) };
    const complete = await kernel.request("shell", "complete_request", content);
    expect(complete.content["status"]).toBe("ok");
    const inspect = await kernel.request("shell", "inspect_request", content);
    expect(inspect.content["status"]).toBe("ok");
  });
});
