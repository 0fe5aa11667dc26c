// A language server may refuse, dawdle, babble or die: whoever asked it hears of that, and nobody waits for ever.
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LspClient } from "../../../kernel/language/lsp-client.ts";

const FAKE = fileURLToPath(new URL("../../support/fake-language-server.mjs", import.meta.url));
const LIMIT_MS = 10_000;
let client: LspClient;

beforeEach(() => {
  client = new LspClient({ command: [process.execPath, FAKE], folder: tmpdir() });
});

afterEach(() => client.kill());

test("answers come to those who asked, in whatever order they come", async () => {
  const late = client.request("test/slow", { ms: 50 }, LIMIT_MS);
  expect(await client.request("initialize", {}, LIMIT_MS)).toEqual({ capabilities: {} });
  expect(await late).toBe("late");
});

test("a refused request rejects with the server's words", async () => {
  await expect(client.request("test/refuse", {}, LIMIT_MS)).rejects.toMatchObject({
    code: "LANGUAGE_SERVER_REFUSED",
    message: expect.stringContaining("not today"),
  });
});

test("a request that takes too long is given up, and others still get their answers", async () => {
  await expect(client.request("test/slow", { ms: 60_000 }, 20)).rejects.toMatchObject({
    code: "LANGUAGE_SERVER_TIMEOUT",
  });
  expect(await client.request("initialize", {}, LIMIT_MS)).toEqual({ capabilities: {} });
});

test("when the server dies, all that wait are told its last words", async () => {
  const waiting = [
    client.request("test/slow", { ms: 60_000 }, LIMIT_MS),
    client.request("test/die", {}, LIMIT_MS),
  ];
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      status: "rejected",
      reason: { code: "LANGUAGE_SERVER_GONE" },
    });
  }
  await client.ended;
  expect(client.isGone).toBe(true);
  await expect(client.request("initialize", {}, LIMIT_MS)).rejects.toMatchObject({
    code: "LANGUAGE_SERVER_GONE",
  });
});

test("a program that cannot be started is one that has ended", async () => {
  const missing = new LspClient({ command: ["/no/such/program"], folder: tmpdir() });
  await expect(missing.request("initialize", {}, LIMIT_MS)).rejects.toMatchObject({
    code: "LANGUAGE_SERVER_GONE",
    message: expect.stringContaining("ENOENT"),
  });
});

test("a server that sends nonsense is ended", async () => {
  await expect(client.request("test/garbage", {}, LIMIT_MS)).rejects.toMatchObject({
    code: "LANGUAGE_SERVER_GONE",
    message: expect.stringContaining("this is no message"),
  });
});

test("a flood of notifications and answers to nobody are passed over", async () => {
  expect(await client.request("test/flood", {}, LIMIT_MS)).toBe("after the flood");
});

test("the server's own requests are answered: it may register, and configures itself", async () => {
  expect(await client.request("test/ask", {}, LIMIT_MS)).toEqual([
    { id: "register", isFine: true, result: null },
    { id: "configure", isFine: false },
  ]);
});
