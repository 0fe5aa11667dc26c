// A handler that is loaded late answers like any other, and is loaded once.
import { expect, test } from "vitest";
import type { KernelContext } from "../../../kernel/handlers/handler.ts";
import { loadLater } from "../../../kernel/handlers/load-later.ts";
import type { Message } from "../../../kernel/protocol/message.ts";

test("is loaded by the first request, once, and answers each", async () => {
  let loads = 0;
  const handler = loadLater(async () => {
    loads++;
    return (request) => ({ status: "ok", echo: request.content["text"] });
  });
  const ask = (text: string) =>
    handler({ content: { text } } as unknown as Message, {} as KernelContext);
  expect(loads).toBe(0);
  expect(await Promise.all([ask("one"), ask("two")])).toEqual([
    { status: "ok", echo: "one" },
    { status: "ok", echo: "two" },
  ]);
  expect(loads).toBe(1);
});
