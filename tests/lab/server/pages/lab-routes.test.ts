// What the JupyterLab page asks for: itself, its files, settings, themes, translations, workspaces, configuration.
// Covers: lab/server/pages/*.ts, lab/server/http/*.ts
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAGE_PLUGIN, PAGE_SCRIPT, writeTestPage } from "../../../support/lab-page.ts";
import { logIn, startTestServer } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

let server: TestServer;
let pageFolder: string;
let cookie: string;

beforeAll(async () => {
  pageFolder = await writeTestPage();
  server = await startTestServer({ pageFolder, disabledExtensions: ["@x/y:z"] });
  ({ cookie } = await logIn(server));
});

afterAll(async () => {
  await server.stop();
  await rm(pageFolder, { recursive: true });
});

/** The configuration inside a page. */
async function configOf(path: string): Promise<Record<string, unknown>> {
  const { body } = await server.send("GET", path, { headers: { cookie } });
  const text = /<script id="jupyter-config-data"[^>]*>(.*?)<\/script>/s.exec(body)?.[1] ?? "{}";
  return JSON.parse(text) as Record<string, unknown>;
}

describe("the page", () => {
  test("loads the built scripts and tells them where the server answers", async () => {
    const answer = await server.send("GET", "/lab", { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.body).toContain(`<script defer src="/lab/static/${PAGE_SCRIPT}"></script>`);
    expect(await configOf("/lab")).toMatchObject({
      appVersion: "4.6.4",
      baseUrl: "/",
      fullStaticUrl: "/lab/static",
      fullSettingsUrl: "/lab/api/settings",
      fullWorkspacesApiUrl: "/lab/api/workspaces",
      serverRoot: server.root,
      mode: "multiple-document",
      workspace: "default",
      treePath: "",
    });
  });

  test("never holds the token", async () => {
    const { body } = await server.send("GET", "/lab", { headers: { cookie } });
    expect(body).not.toContain(server.token);
    expect((await configOf("/lab"))["token"]).toBe("");
  });

  test("opens a file, a workspace, or one document alone", async () => {
    expect(await configOf("/lab/tree/part%201/a.ipynb")).toMatchObject({
      treePath: "part 1/a.ipynb",
    });
    expect(await configOf("/lab/workspaces/mine")).toMatchObject({ workspace: "mine" });
    expect(await configOf("/lab/workspaces/mine/tree/a.ipynb")).toMatchObject({
      workspace: "mine",
      treePath: "a.ipynb",
    });
    expect(await configOf("/doc/tree/a.ipynb")).toMatchObject({ mode: "single-document" });
  });

  test("turns off what cannot work here and what the options name", async () => {
    expect((await configOf("/lab"))["disabledExtensions"]).toEqual(
      expect.arrayContaining(["@jupyterlab/apputils-extension:announcements", "@x/y:z"]),
    );
  });

  test("is not broken open by a file name that holds markup", async () => {
    const path = encodeURIComponent("</script><script>alert(1)</script>");
    const { body } = await server.send("GET", `/lab/tree/${path}`, { headers: { cookie } });
    expect(body).not.toContain("<script>alert");
    expect(await configOf(`/lab/tree/${path}`)).toMatchObject({
      treePath: "</script><script>alert(1)</script>",
    });
  });

  test("is what the bare address leads to", async () => {
    const answer = await server.send("GET", "/", { headers: { cookie } });
    expect(answer).toMatchObject({ status: 302, headers: { location: "/lab" } });
  });

  test("says how to build it when it is not built", async () => {
    const empty = await mkdtemp(join(tmpdir(), "gradlab-no-page-"));
    const bare = await startTestServer({ pageFolder: empty });
    const answer = await bare.send("GET", "/lab");
    expect(answer.status).toBe(503);
    expect(answer.body).toMatch(/not built yet.*npm start/s);
    expect(await bare.json("GET", "/lab/api/settings")).toEqual({ settings: [] });
    await bare.stop();
    await rm(empty, { recursive: true });
  });
});

describe("a file of the page", () => {
  test("whose name holds a hash is kept by the browser for a year, and sent packed", async () => {
    const plain = await server.send("GET", `/lab/static/${PAGE_SCRIPT}`);
    expect(plain.headers["cache-control"]).toMatch(/max-age=31536000, immutable/);
    expect(plain.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const packed = await fetchBytes(`/lab/static/${PAGE_SCRIPT}`, {
      "accept-encoding": "gzip, br",
    });
    expect(packed.encoding).toBe("gzip");
    expect(gunzipSync(packed.bytes).toString("utf8")).toBe(plain.body);
    const asset = await server.send("GET", "/lab/static/assets/0123456789ab.svg");
    expect(asset.headers).toMatchObject({ "content-type": "image/svg+xml" });
    expect(asset.headers["cache-control"]).toMatch(/immutable/);
  });

  test("with a plain name is asked for each time", async () => {
    const answer = await server.send("GET", "/lab/static/plain.js");
    expect(answer.headers["cache-control"]).toBe("no-cache");
  });

  test("that is missing is answered with 404", async () => {
    expect((await server.send("GET", "/lab/static/none.js")).status).toBe(404);
    expect((await server.send("GET", "/lab/static")).status).toBe(404);
  });

  test("of a theme is found under its package", async () => {
    const path = "/lab/api/themes/@jupyterlab/theme-dark-extension/index.css";
    expect(await server.send("GET", path)).toMatchObject({
      status: 200,
      body: "body { color: white }",
    });
  });

  test("is an icon that needs no login", async () => {
    const answer = await server.send("GET", "/static/favicons/favicon.ico", { headers: {} });
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "image/svg+xml" } });
  });
});

describe("settings", () => {
  const path = `/lab/api/settings/${PAGE_PLUGIN}`;

  test("come with their schema and this lab's own defaults", async () => {
    const model = await server.json<{ schema: { properties: { theme: object } } }>("GET", path);
    expect(model).toMatchObject({ id: PAGE_PLUGIN, raw: "{}", settings: {}, version: "1" });
    expect(model.schema.properties.theme).toEqual({ type: "string", default: "JupyterLab Dark" });
    expect(await server.json("GET", "/lab/api/settings?ids_only=true")).toEqual({
      settings: [{ id: PAGE_PLUGIN }],
    });
  });

  test("are kept as written, comments included", async () => {
    const raw = '{ // mine\n  theme: "JupyterLab Light",\n}';
    expect((await server.send("PUT", path, { body: { raw } })).status).toBe(204);
    expect(await server.json("GET", path)).toMatchObject({
      raw,
      settings: { theme: "JupyterLab Light" },
      last_modified: expect.any(String),
    });
    const all = await server.json<{ settings: { raw: string }[] }>("GET", "/lab/api/settings");
    expect(all.settings.map((model) => model.raw)).toEqual([raw]);
  });

  test.each(["{", "[1]", "theme"])(
    "that read %j are refused, and the old ones stay",
    async (raw) => {
      const before = await server.json("GET", path);
      const answer = await server.send("PUT", path, { body: { raw } });
      expect(answer.status).toBe(400);
      expect(await server.json("GET", path)).toEqual(before);
    },
  );

  test("that were damaged on disk show their text and the defaults", async () => {
    const [folder = ""] = await readdir(join(server.state, "settings", "@jupyterlab"));
    const file = join(
      server.state,
      "settings",
      "@jupyterlab",
      folder,
      "themes.jupyterlab-settings",
    );
    await writeFile(file, "{ broken");
    expect(await server.json("GET", path)).toMatchObject({ raw: "{ broken", settings: {} });
  });
});

describe("workspaces", () => {
  const address = (name: string): string => `/lab/api/workspaces/${encodeURIComponent(name)}`;
  const workspace = (id: string): object => ({ data: { layout: 1 }, metadata: { id } });

  test("are empty until saved, and gone when deleted", async () => {
    expect(await server.json("GET", address("w"))).toEqual({ data: {}, metadata: { id: "w" } });
    expect((await server.send("PUT", address("w"), { body: workspace("w") })).status).toBe(204);
    expect(await server.json("GET", address("w"))).toMatchObject(workspace("w"));
    const list = await server.json<{ workspaces: { ids: string[] } }>("GET", "/lab/api/workspaces");
    expect(list.workspaces.ids).toEqual(["w"]);
    expect((await server.send("DELETE", address("w"))).status).toBe(204);
    expect((await server.send("DELETE", address("w"))).status).toBe(404);
  });

  test("with names that look alike are kept apart, inside their folder", async () => {
    const names = ["a/b", "a-b", "A-B", "../../a", "a".repeat(300), "ü"];
    for (const name of names) {
      expect((await server.send("PUT", address(name), { body: workspace(name) })).status).toBe(204);
    }
    for (const name of names) {
      expect(await server.json("GET", address(name))).toMatchObject(workspace(name));
    }
    const files = await readdir(join(server.state, "workspaces"));
    expect(files).toHaveLength(names.length);
  });

  test("under another name than their own are refused", async () => {
    expect((await server.send("PUT", address("w"), { body: workspace("v") })).status).toBe(400);
    expect((await server.send("PUT", address("w"), { body: {} })).status).toBe(400);
  });

  test("that were damaged on disk count as empty", async () => {
    await server.send("PUT", address("broken"), { body: workspace("broken") });
    const folder = join(server.state, "workspaces");
    const [name = ""] = (await readdir(folder)).filter((file) => file.startsWith("broken"));
    await writeFile(join(folder, name), "{");
    expect(await server.json("GET", address("broken"))).toMatchObject({ data: {} });
  });
});

describe("configuration sections", () => {
  test("are merged by PATCH, replaced by PUT, and lose what is set to null", async () => {
    expect(await server.json("GET", "/api/config/notebook")).toEqual({});
    await server.json("PATCH", "/api/config/notebook", { a: { x: 1, y: 2 }, b: 1 });
    const merged = await server.json("PATCH", "/api/config/notebook", {
      a: { y: null, z: 3 },
      b: null,
    });
    expect(merged).toEqual({ a: { x: 1, z: 3 } });
    await server.send("PUT", "/api/config/notebook", { body: { c: 1 } });
    expect(await server.json("GET", "/api/config/notebook")).toEqual({ c: 1 });
  });

  test("cannot reach the prototype of all objects", async () => {
    await server.send("PATCH", "/api/config/notebook", { body: '{"__proto__": {"polluted": 1}}' });
    expect("polluted" in {}).toBe(false);
  });
});

describe("languages and licences", () => {
  test("name English, and answer any other with nothing", async () => {
    expect(await server.json("GET", "/lab/api/translations")).toMatchObject({
      data: { en: { displayName: "English" } },
    });
    expect(await server.json("GET", "/lab/api/translations/de_DE")).toEqual({
      data: {},
      message: "",
    });
    expect(await server.json("GET", "/lab/api/licenses")).toEqual({
      bundles: { gradlab: { packages: [] } },
    });
  });
});

async function fetchBytes(
  path: string,
  headers: Record<string, string>,
): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  const { get } = await import("node:http");
  return new Promise((resolve, reject) => {
    const authorization = `token ${server.token}`;
    const options = { port: server.port, path, headers: { authorization, ...headers } };
    get({ host: "127.0.0.1", ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        resolve({ encoding: answer.headers["content-encoding"], bytes: Buffer.concat(chunks) });
      });
    }).on("error", reject);
  });
}
