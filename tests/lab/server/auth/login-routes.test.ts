// Logging in by link and by form, and what every answer says to the browser.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeTestPage } from "../../../support/lab-page.ts";
import { logIn, startTestServer, TOKEN } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

let server: TestServer;
let pageFolder: string;
let cookie: string;
let xsrf: string;

beforeAll(async () => {
  pageFolder = await writeTestPage();
  server = await startTestServer({ pageFolder });
  await writeFile(join(server.root, "readme.md"), "# hello");
  ({ cookie, xsrf } = await logIn(server));
});

afterAll(async () => {
  await server.stop();
  await rm(pageFolder, { recursive: true });
});

describe("a browser that is logged in", () => {
  test("writes when its page repeats the XSRF cookie", async () => {
    const headers = {
      cookie,
      "x-xsrftoken": xsrf,
      origin: `http://127.0.0.1:${server.port}`,
      host: `127.0.0.1:${server.port}`,
      "sec-fetch-site": "same-origin",
    };
    const body = { type: "file", ext: ".txt" };
    expect((await server.send("POST", "/api/contents", { headers, body })).status).toBe(201);
  });

  test("keeps its XSRF value when the page is loaded again", async () => {
    const page = await server.send("GET", "/lab", { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.headers["set-cookie"] ?? []).toEqual([]);
  });
});

describe("logging in", () => {
  test("by the link sets a cookie that scripts cannot read, and drops the token from the address", async () => {
    const answer = await server.send("GET", `/lab/tree/a.ipynb?token=${TOKEN}&x=1`, {
      headers: {},
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe("/lab/tree/a.ipynb?x=1");
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    const [line = ""] = answer.headers["set-cookie"] ?? [];
    expect(line).toMatch(
      new RegExp(`^gradlab-auth-${server.port}=[0-9a-f]{64}; Path=/; SameSite=Lax; HttpOnly$`),
    );
    expect(line).not.toContain(TOKEN);
  });

  test("by the form takes the token or the whole link", async () => {
    for (const given of [TOKEN, `http://127.0.0.1:1/lab?token=${TOKEN}`]) {
      const body = new URLSearchParams({ token: given }).toString();
      const answer = await server.send("POST", "/login?next=%2Flab%2Ftree%2Fa", {
        headers: {},
        body,
      });
      expect(answer).toMatchObject({ status: 302, headers: { location: "/lab/tree/a" } });
    }
  });

  test("by the form with a wrong token shows the form again with the reason", async () => {
    const answer = await server.send("POST", "/login", { headers: {}, body: "token=nope" });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatch(/not the token of this server/);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  test("by a form of another site is refused", async () => {
    const headers = { origin: "http://evil.example" };
    const answer = await server.send("POST", "/login", { headers, body: `token=${TOKEN}` });
    expect(answer.status).toBe(403);
  });

  test.each(["//evil.example", "/\\evil.example", "http://evil.example", "/login?next=/login"])(
    "never leads on to %s",
    async (next) => {
      const answer = await server.send("POST", `/login?next=${encodeURIComponent(next)}`, {
        headers: {},
        body: `token=${TOKEN}`,
      });
      expect(answer.headers.location).toBe("/lab");
    },
  );

  test("is not needed twice", async () => {
    const answer = await server.send("GET", "/login", { headers: { cookie } });
    expect(answer).toMatchObject({ status: 302, headers: { location: "/lab" } });
  });

  test("shows a page that runs no scripts and holds no token", async () => {
    const answer = await server.send("GET", '/login?next="><script>', { headers: {} });
    expect(answer.headers["content-security-policy"]).toMatch(/default-src 'none'/);
    // A browser sends a form from a page without referrer as if it came from nowhere.
    expect(answer.headers["referrer-policy"]).toBe("same-origin");
    expect(answer.body).not.toContain("<script");
    expect(answer.body).not.toContain(TOKEN);
  });
});

describe("every answer", () => {
  test.each(["/api", "/api/contents", "/files/readme.md", "/lab", "/login", "/api/none"])(
    "at %s forbids guessing its type and says who may frame it",
    async (path) => {
      const { headers } = await server.send("GET", path);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toMatch(/frame-ancestors '(self|none)'/);
    },
  );

  test("from the root is sandboxed, and notebooks are only downloaded", async () => {
    const page = await server.send("GET", "/files/readme.md");
    expect(page.headers["content-security-policy"]).toMatch(/sandbox allow-scripts$/);
    await writeFile(join(server.root, "n.ipynb"), "{}");
    const notebook = await server.send("GET", "/files/n.ipynb");
    expect(notebook.headers["content-disposition"]).toMatch(/^attachment/);
  });
});
