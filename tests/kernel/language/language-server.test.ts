// A language server lives as long as it is needed, and comes back when it dies.
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { LanguageServerError } from "../../../kernel/language/errors.ts";
import { LanguageServer } from "../../../kernel/language/language-server.ts";
import type { ServerCommand } from "../../../kernel/language/server-program.ts";
import { untilGone } from "../../support/processes.ts";

const FAKE = fileURLToPath(new URL("../../support/fake-language-server.mjs", import.meta.url));
const LIMIT_MS = 10_000;
const opened: LanguageServer[] = [];

afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

function open(
  options: { find?: () => ServerCommand; idleMs?: number; taught?: () => void } = {},
): LanguageServer {
  const server = new LanguageServer({
    find: options.find ?? (() => [process.execPath, FAKE]),
    folder: tmpdir(),
    idleMs: options.idleMs ?? 60_000,
    teach: async () => options.taught?.(),
  });
  opened.push(server);
  return server;
}

test("nothing is started before somebody needs it", async () => {
  const server = open();
  expect(server.state).toBe("stopped");
  expect(server.use()).toBeUndefined();
  expect(server.state).toBe("starting");
  expect(await server.whenReady(LIMIT_MS)).toBe(server.use());
});

test("a server that is killed is replaced by one that is taught anew", async () => {
  let taught = 0;
  const server = open({ taught: () => taught++ });
  const first = await server.whenReady(LIMIT_MS);
  process.kill(first!.processId!, "SIGKILL");
  await first!.ended;
  const second = await server.whenReady(LIMIT_MS);
  expect(second).toBeDefined();
  expect(second).not.toBe(first);
  expect(taught).toBe(2);
});

test("a server that nobody needs is ended, and started again when somebody does", async () => {
  const server = open({ idleMs: 30 });
  const first = await server.whenReady(LIMIT_MS);
  await untilGone(first!.processId!);
  expect(server.state).toBe("stopped");
  expect(await server.whenReady(LIMIT_MS)).toBeDefined();
});

test("a program that is not there is looked for once", async () => {
  let searches = 0;
  const server = open({
    find: () => {
      searches++;
      throw new LanguageServerError("LANGUAGE_SERVER_MISSING", "not installed");
    },
  });
  expect(await server.whenReady(LIMIT_MS)).toBeUndefined();
  expect(server.use()).toBeUndefined();
  expect(server.state).toBe("missing");
  expect(server.problem?.message).toBe("not installed");
  expect(searches).toBe(1);
});

test("nobody waits longer for a start than he wants to", async () => {
  const server = open({ find: () => [process.execPath, "-e", "setInterval(() => {}, 1000)"] });
  expect(await server.whenReady(20)).toBeUndefined();
  expect(server.state).toBe("starting");
});

test("after closing nothing is left and nothing starts", async () => {
  const server = open();
  const client = await server.whenReady(LIMIT_MS);
  server.close();
  await untilGone(client!.processId!);
  expect(await server.whenReady(LIMIT_MS)).toBeUndefined();
});
