// The event bus: changes of files and events of clients reach everyone who listens.
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestServer } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

let server: TestServer;
let socket: WebSocket;

beforeAll(async () => {
  server = await startTestServer();
  const base = server.url.replace(/^http/, "ws");
  socket = new WebSocket(`${base}api/events/subscribe?token=${server.token}`);
  await new Promise((resolve) => socket.once("open", resolve));
});

afterAll(() => server.stop());

function nextEvent(): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    socket.once("message", (data) => {
      resolve(JSON.parse((data as Buffer).toString("utf8")) as Record<string, unknown>);
    });
  });
}

test("a saved, renamed and deleted file is told", async () => {
  const saved = nextEvent();
  await server.json("PUT", "/api/contents/a.txt", { type: "file", format: "text", content: "" });
  expect(await saved).toMatchObject({
    schema_id: "https://events.jupyter.org/jupyter_server/contents_service/v1",
    action: "save",
    path: "a.txt",
  });
  const renamed = nextEvent();
  await server.json("PATCH", "/api/contents/a.txt", { path: "b.txt" });
  expect(await renamed).toMatchObject({ action: "rename", path: "b.txt", source_path: "a.txt" });
  const deleted = nextEvent();
  await server.send("DELETE", "/api/contents/b.txt");
  expect(await deleted).toMatchObject({ action: "delete", path: "b.txt" });
});

test("an event of a client is told to all, and one without a schema is refused", async () => {
  const event = nextEvent();
  const body = { schema_id: "https://example.org/x", version: "2", data: { n: 1 } };
  expect((await server.send("POST", "/api/events", { body })).status).toBe(204);
  expect(await event).toMatchObject({ schema_id: body.schema_id, schema_version: "2", n: 1 });
  expect((await server.send("POST", "/api/events", { body: {} })).status).toBe(400);
});
