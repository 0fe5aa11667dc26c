// Sessions: one kernel for a notebook, however often and by whomever it is opened, renamed or closed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

interface SessionBody {
  id: string;
  path: string;
  type: string;
  kernel: { id: string; name: string };
  notebook?: { path: string };
}

let server: TestServer;
let session: SessionBody;

const open = (path: string, kernel: object = { name: "echo" }): Promise<SessionBody> =>
  server.json<SessionBody>("POST", "/api/sessions", { path, type: "notebook", name: path, kernel });
const kernelCount = async (): Promise<number> =>
  (await server.json<unknown[]>("GET", "/api/kernels")).length;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

beforeEach(async () => {
  for (const { id } of await server.json<SessionBody[]>("GET", "/api/sessions")) {
    await server.send("DELETE", `/api/sessions/${id}`);
  }
  session = await open("a.ipynb");
});

describe("a session", () => {
  test("names its path twice for older clients", () => {
    expect(session).toMatchObject({
      path: "a.ipynb",
      notebook: { path: "a.ipynb" },
      kernel: { name: "echo" },
    });
  });

  test("that is opened twice, even at once, is one session with one kernel", async () => {
    const [first, second] = await Promise.all([open("b.ipynb"), open("b.ipynb")]);
    expect(first.id).toBe(second.id);
    expect((await open("b.ipynb")).kernel.id).toBe(first.kernel.id);
    expect(await kernelCount()).toBe(2);
  });

  test("that names no kernel gets the default one", async () => {
    const body = { path: "d.ipynb", type: "notebook" };
    expect(await server.json("POST", "/api/sessions", body)).toMatchObject({
      kernel: { name: "echo" },
    });
  });

  test("follows its file, and the folder of its file, to a new name", async () => {
    await server.json("PUT", "/api/contents/d", { type: "directory" });
    await server.json("PUT", "/api/contents/d/x.txt", {
      type: "file",
      format: "text",
      content: "",
    });
    const { id } = await open("d/x.txt");
    await server.json("PATCH", "/api/contents/d/x.txt", { path: "d/y.txt" });
    expect(await server.json("GET", `/api/sessions/${id}`)).toMatchObject({ path: "d/y.txt" });
    await server.json("PATCH", "/api/contents/d", { path: "e" });
    expect(await server.json("GET", `/api/sessions/${id}`)).toMatchObject({ path: "e/y.txt" });
  });

  test("is renamed by its client", async () => {
    const body = { path: "c.ipynb", name: "c", type: "console" };
    expect(await server.json("PATCH", `/api/sessions/${session.id}`, body)).toMatchObject(body);
  });

  test("gets another kernel, and the one that nobody uses then ends", async () => {
    const changed = await server.json<SessionBody>("PATCH", `/api/sessions/${session.id}`, {
      kernel: { name: "echo" },
    });
    expect(changed.kernel.id).not.toBe(session.kernel.id);
    expect(await kernelCount()).toBe(1);
    expect((await server.send("GET", `/api/kernels/${session.kernel.id}`)).status).toBe(404);
  });

  test("leaves its kernel to others that share it", async () => {
    const other = await open("shares.ipynb", { id: session.kernel.id });
    await server.send("DELETE", `/api/sessions/${session.id}`);
    expect((await server.send("GET", `/api/kernels/${other.kernel.id}`)).status).toBe(200);
    await server.send("DELETE", `/api/sessions/${other.id}`);
    expect(await kernelCount()).toBe(0);
  });

  test("is over when its kernel is ended", async () => {
    await server.send("DELETE", `/api/kernels/${session.kernel.id}`);
    expect((await server.send("GET", `/api/sessions/${session.id}`)).status).toBe(404);
  });
});

describe("a request for a session", () => {
  test.each([
    [{ type: "notebook", kernel: { name: "echo" } }, 400],
    [{ path: "x.ipynb", kernel: { name: "echo" } }, 400],
    [{ path: "x.ipynb", type: "notebook", kernel: "echo" }, 400],
    [{ path: "x.ipynb", type: "notebook", kernel: { name: "none" } }, 400],
    [{ path: "x.ipynb", type: "notebook", kernel: { id: "none" } }, 404],
  ])("of %j is refused with %i", async (body, status) => {
    expect((await server.send("POST", "/api/sessions", { body })).status).toBe(status);
  });

  test("that is not there is answered with 404", async () => {
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect((await server.send(method, "/api/sessions/none")).status).toBe(404);
    }
  });
});
