// Websockets to kernels: both protocols, a client that comes back, and bytes that no client should send.
// Covers: lab/server/websocket/*.ts
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openChannels } from "../../../support/lab-channels.ts";
import { startTestServer } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

let server: TestServer;
let kernelId: string;

beforeAll(async () => {
  server = await startTestServer();
  kernelId = (await server.json<{ id: string }>("POST", "/api/kernels")).id;
});

afterAll(() => server.stop());

describe.each(["v1", "legacy"] as const)("the %s protocol", (protocol) => {
  test("carries a request, its output and its reply", async () => {
    const channels = await openChannels(server, kernelId, { protocol });
    const id = channels.request("execute_request", { code: "echo grüße" });
    const output = await channels.until(
      ({ type, parentId }) => type === "stream" && parentId === id,
    );
    expect(output).toMatchObject({ channel: "iopub", content: { text: "grüße" } });
    const reply = await channels.until(({ type }) => type === "execute_reply");
    expect(reply).toMatchObject({ channel: "shell", content: { status: "ok" } });
    channels.socket.terminate();
  });

  test("closes with 1003 on bytes that are no message, and the kernel lives on", async () => {
    for (const bytes of [
      Buffer.alloc(3),
      Buffer.alloc(64, 0xff),
      Buffer.from("{"),
      Buffer.from("[]"),
    ]) {
      const channels = await openChannels(server, kernelId, { protocol });
      const closed = new Promise<number>((resolve) => channels.socket.once("close", resolve));
      channels.socket.send(bytes);
      expect(await closed).toBe(1003);
    }
    const channels = await openChannels(server, kernelId, { protocol });
    channels.request("kernel_info_request", {});
    await channels.until(({ type }) => type === "kernel_info_reply");
    channels.socket.terminate();
  });

  test("drops a message without an id or for a channel of the server's own", async () => {
    const channels = await openChannels(server, kernelId, { protocol });
    const text = (message: object): string => JSON.stringify(message);
    if (protocol === "legacy") {
      channels.socket.send(text({ channel: "shell", header: {}, content: {} }));
      channels.socket.send(text({ channel: "iopub", header: { msg_id: "1", msg_type: "status" } }));
      channels.socket.send(text({ channel: "hb", header: { msg_id: "1", msg_type: "x" } }));
    }
    channels.request("kernel_info_request", {});
    const reply = await channels.until(({ channel }) => channel === "shell");
    expect(reply.type).toBe("kernel_info_reply");
    channels.socket.terminate();
  });
});

describe("a session whose connection breaks", () => {
  let sessionId: string;

  beforeEach(() => {
    sessionId = randomUUID();
  });

  test("gets what the kernel said meanwhile when it is back", async () => {
    const go = join(server.root, `go-${sessionId}`);
    const first = await openChannels(server, kernelId, { sessionId });
    const id = first.request("execute_request", { code: `when ${go} meanwhile` });
    await first.untilStatus("busy");
    await first.cut(server, kernelId);
    writeFileSync(go, "");
    const second = await openChannels(server, kernelId, { sessionId });
    const output = await second.until(({ type, parentId }) => type === "stream" && parentId === id);
    expect(output.content["text"]).toBe("meanwhile");
    expect(await second.until(({ type }) => type === "execute_reply")).toMatchObject({
      parentId: id,
    });
    second.socket.terminate();
  });

  test("keeps at most 32 MiB, of which the newest", async () => {
    const first = await openChannels(server, kernelId, { sessionId });
    await first.cut(server, kernelId);
    const other = await openChannels(server, kernelId);
    for (let count = 0; count < 3; count++) {
      const id = other.request("execute_request", { code: "big 15000000" });
      await other.until(({ type, parentId }) => type === "stream" && parentId === id);
    }
    const second = await openChannels(server, kernelId, { sessionId });
    const id = second.request("kernel_info_request", {});
    await second.until(({ parentId, type }) => parentId === id && type === "kernel_info_reply");
    const texts = second.readings.filter(({ type }) => type === "stream");
    expect(texts.map(({ content }) => String(content["text"]).length)).toEqual([15e6, 15e6]);
    second.socket.terminate();
    other.socket.terminate();
  });

  test("that connects twice is served on the newer connection", async () => {
    const first = await openChannels(server, kernelId, { sessionId });
    const closed = new Promise<number>((resolve) => first.socket.once("close", resolve));
    const second = await openChannels(server, kernelId, { sessionId });
    expect(await closed).toBe(1000);
    second.request("kernel_info_request", {});
    await second.until(({ type }) => type === "kernel_info_reply");
    second.socket.terminate();
  });
});

describe("a kernel that is shut down", () => {
  test("closes its websockets", async () => {
    const { id } = await server.json<{ id: string }>("POST", "/api/kernels");
    const channels = await openChannels(server, id);
    const closed = new Promise<number>((resolve) => channels.socket.once("close", resolve));
    await server.send("DELETE", `/api/kernels/${id}`);
    expect(await closed).toBe(4001);
  });
});
