// Who gets in and who does not: one table of probes, each a request that an attacker or a mistake could send.
// Covers: lab/server/auth/*.ts, lab/server/http/*.ts, lab/server/websocket/upgrade.ts, lab/server/contents/root.ts
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { logIn, startTestServer, TOKEN } from "../../../support/lab-server.ts";
import type { RawRequest, TestServer } from "../../../support/lab-server.ts";
import { writeTestPage } from "../../../support/lab-page.ts";

let server: TestServer;
let kernelId: string;
let outside: string;
/** Cookies of a browser that is logged in. */
let cookie: string;
const BEARER = { authorization: `token ${TOKEN}` };

beforeAll(async () => {
  const pageFolder = await writeTestPage();
  server = await startTestServer({ pageFolder, hostnames: ["lab.school.example"] });
  outside = join(server.root, "..", "outside");
  await mkdir(outside);
  await writeFile(join(outside, "secret.txt"), "secret");
  await writeFile(join(server.root, "readme.md"), "# hello");
  await writeFile(join(server.root, ".hidden"), "hidden");
  await symlink(outside, join(server.root, "escape"));
  await symlink(join(outside, "secret.txt"), join(server.root, "leak.txt"));
  await symlink(join(outside, "not-yet.txt"), join(server.root, "dangling.txt"));
  await symlink(join(server.root, ".hidden"), join(server.root, "seen.txt"));
  kernelId = (await server.json<{ id: string }>("POST", "/api/kernels")).id;
  cookie = (await logIn(server)).cookie;
  return async () => {
    await rm(pageFolder, { recursive: true });
  };
});

afterAll(() => server.stop());

type Probe = [what: string, status: number, line: string, request?: () => RawRequest];

const withToken =
  (extra: Record<string, string> = {}) =>
  (): RawRequest => ({
    headers: { ...BEARER, ...extra },
  });
const withCookie =
  (extra: Record<string, string> = {}, body?: unknown) =>
  (): RawRequest => ({ headers: { cookie, ...extra }, body });
const nobody = (): RawRequest => ({ headers: {} });
const file = { type: "file", format: "text", content: "x" };

const PROBES: Probe[] = [
  // Identity
  ["the API without any proof", 403, "GET /api/contents", nobody],
  ["an unknown address without any proof", 403, "GET /no/such/thing", nobody],
  ["a file of the page without any proof", 403, "GET /lab/static/main.0123456789.js", nobody],
  ["a page without any proof is sent to the login", 302, "GET /lab", nobody],
  ["the version without any proof", 200, "GET /api", nobody],
  ["a wrong token", 403, "GET /api/contents", () => ({ headers: { authorization: "token x" } })],
  ["a wrong scheme", 403, "GET /api/contents", () => ({ headers: { authorization: TOKEN } })],
  ["a wrong token in the address", 403, "GET /api/contents?token=nope", nobody],
  ["the token in the address", 200, `GET /api/contents?token=${TOKEN}`, nobody],
  [
    "the token as bearer",
    200,
    "GET /api/status",
    () => ({ headers: { authorization: `Bearer ${TOKEN}` } }),
  ],
  ["a wrong token beside a good cookie", 403, "GET /api/contents?token=nope", withCookie()],
  [
    "a made-up cookie",
    403,
    "GET /api/contents",
    () => ({ headers: { cookie: `gradlab-auth-${server.port}=x` } }),
  ],
  [
    "the cookie of another port",
    403,
    "GET /api/contents",
    () => ({ headers: { cookie: cookie.replace(/auth-\d+/, "auth-1") } }),
  ],
  ["a good cookie", 200, "GET /api/contents", withCookie()],
  // Host
  ["another host (DNS rebinding)", 403, "GET /api/contents", withToken({ host: "evil.example" })],
  ["a host that begins like ours", 403, "GET /api", withToken({ host: "127.0.0.1.evil.example" })],
  ["a host behind a user name", 403, "GET /api", withToken({ host: "localhost@evil.example" })],
  ["an address of the local network", 403, "GET /api", withToken({ host: "192.168.0.7" })],
  ["localhost as host", 200, "GET /api", withToken({ host: "localhost:80" })],
  ["the IPv6 loopback as host", 200, "GET /api", withToken({ host: "[::1]:80" })],
  ["a host that the options name", 200, "GET /api", withToken({ host: "lab.school.example" })],
  // Origin and XSRF, on the cookie
  [
    "a cookie from another origin",
    403,
    "GET /api/contents",
    withCookie({ origin: "http://evil.example" }),
  ],
  [
    "a cookie from another port",
    403,
    "GET /api/contents",
    withCookie({ origin: "http://127.0.0.1:1" }),
  ],
  ["a cookie from a sandboxed frame", 403, "GET /api/contents", withCookie({ origin: "null" })],
  [
    "a cookie sent by a neighbouring site",
    403,
    "GET /api/contents",
    withCookie({ "sec-fetch-site": "same-site" }),
  ],
  [
    "a cookie with a foreign referer",
    403,
    "GET /files/readme.md",
    withCookie({ referer: "http://evil.example/" }),
  ],
  ["a write without the XSRF header", 403, "POST /api/contents", withCookie({}, { type: "file" })],
  [
    "a write with a wrong XSRF header",
    403,
    "POST /api/contents",
    withCookie({ "x-xsrftoken": "no" }, {}),
  ],
  [
    "a write with the token from another origin",
    201,
    "PUT /api/contents/a.txt",
    () => ({ headers: { ...BEARER, origin: "http://other.example" }, body: file }),
  ],
  // Paths
  ["dots in the path", 404, "GET /api/contents/../../etc/passwd"],
  ["encoded dots", 404, "GET /api/contents/%2e%2e/%2e%2e/etc/passwd"],
  ["an encoded slash", 404, "GET /api/contents/..%2f..%2fetc%2fpasswd"],
  ["twice encoded dots", 404, "GET /api/contents/%252e%252e%252fetc"],
  ["a null byte", 404, "GET /api/contents/readme.md%00.png"],
  ["broken percent-encoding", 400, "GET /api/contents/%zz"],
  ["an absolute path", 404, "GET /files//etc/passwd"],
  ["a link to a folder outside", 404, "GET /api/contents/escape"],
  ["a file behind such a link", 404, "GET /api/contents/escape/secret.txt"],
  ["a link to a file outside", 404, "GET /files/leak.txt"],
  ["a hidden file", 404, "GET /api/contents/.hidden"],
  ["a hidden file as a download", 404, "GET /files/.hidden"],
  ["a hidden file behind a link", 404, "GET /files/seen.txt"],
  ["dots behind the static files", 404, "GET /lab/static/..%2fpage.json"],
  ["dots behind the themes", 404, "GET /lab/api/themes/..%2f..%2fpage.json"],
  ["dots behind the kernelspecs", 404, "GET /kernelspecs/gradlab/..%2f..%2fpackage.json"],
  ["dots in a plugin's name", 404, "GET /lab/api/settings/..%2f..%2fx:y"],
  ["dots in a section's name", 400, "GET /api/config/..%2fsecret"],
  ["a method that is not offered", 405, "PUT /api/status"],
  // Writes
  [
    "a save outside",
    404,
    "PUT /api/contents/..%2fpwned.txt",
    () => ({ headers: BEARER, body: file }),
  ],
  [
    "a save through a link",
    404,
    "PUT /api/contents/escape/pwned.txt",
    () => ({ headers: BEARER, body: file }),
  ],
  [
    "a save over a link to outside",
    404,
    "PUT /api/contents/leak.txt",
    () => ({ headers: BEARER, body: file }),
  ],
  [
    "a save over a link to nothing",
    404,
    "PUT /api/contents/dangling.txt",
    () => ({ headers: BEARER, body: file }),
  ],
  [
    "a save of a hidden file",
    400,
    "PUT /api/contents/.bashrc",
    () => ({ headers: BEARER, body: file }),
  ],
  [
    "a rename to outside",
    404,
    "PATCH /api/contents/readme.md",
    () => ({ headers: BEARER, body: { path: "../x.md" } }),
  ],
  [
    "a copy from outside",
    404,
    "POST /api/contents",
    () => ({ headers: BEARER, body: { copy_from: "../outside/secret.txt" } }),
  ],
  [
    "an upload piece outside",
    404,
    "PUT /api/contents/..%2fup.bin",
    () => ({ headers: BEARER, body: { ...file, chunk: 1 } }),
  ],
  ["deleting the root", 400, "DELETE /api/contents/"],
  [
    "a bad ending for a new file",
    400,
    "POST /api/contents",
    () => ({ headers: BEARER, body: { ext: "/../x" } }),
  ],
  [
    "settings of an unknown plugin",
    404,
    "PUT /lab/api/settings/..%2f..%2fx:y",
    () => ({ headers: BEARER, body: { raw: "{}" } }),
  ],
  [
    "a workspace with dots in its name is kept in its folder",
    204,
    "PUT /lab/api/workspaces/..%2f..%2fx",
    () => ({ headers: BEARER, body: { data: {}, metadata: { id: "../../x" } } }),
  ],
  [
    "a body that is no JSON",
    400,
    "PUT /api/contents/b.txt",
    () => ({ headers: BEARER, body: "{" }),
  ],
  [
    "a body that is a list",
    400,
    "PUT /api/contents/b.txt",
    () => ({ headers: BEARER, body: "[]" }),
  ],
  [
    "a body that is announced too large",
    413,
    "POST /api/sessions",
    () => ({ headers: { ...BEARER, "content-length": String(17 * 2 ** 20) } }),
  ],
];

describe("a request", () => {
  test.each(PROBES)("%s is answered with %i", async (_what, status, line, request) => {
    const [method = "", path = ""] = line.split(" ");
    const answer = await server.send(method, path, (request ?? withToken())());
    expect(answer.status, answer.body).toBe(status);
  });

  test("with a body that grows too large is cut off", async () => {
    const answer = await server.send("POST", "/api/sessions", {
      headers: { ...BEARER, "transfer-encoding": "chunked" },
      body: Buffer.alloc(17 * 2 ** 20, 32),
    });
    expect(answer.status).toBe(413);
  });

  test("for another server in its first line is refused", async () => {
    const line =
      "GET http://evil.example/api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(await sendBytes(server.port, line)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("without a host is refused", async () => {
    expect(await sendBytes(server.port, "GET /api HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("an address to start a browser with", () => {
  const path = (address: string): string => address.replace(/^http:\/\/[^/]+/, "");

  test("holds no token, logs one browser in, and leaves the address bar", async () => {
    const address = path(server.openingUrl("lab"));
    expect(address).not.toContain(TOKEN);
    const first = await server.send("GET", address, nobody());
    expect(first).toMatchObject({ status: 302, headers: { location: "/lab" } });
    const [given = ""] = first.headers["set-cookie"] ?? [];
    const headers = { cookie: given.split(";")[0] };
    expect((await server.send("GET", "/api/contents", { headers })).status).toBe(200);
  });

  test("is worth nothing a second time, for the API, or when made up", async () => {
    const address = path(server.openingUrl("lab"));
    const asApi = address.replace("/lab", "/api/contents");
    expect((await server.send("GET", asApi, nobody())).status).toBe(403);
    await server.send("GET", address, nobody());
    for (const used of [address, "/lab?ticket=", "/lab?ticket=made-up"]) {
      const { status, headers } = await server.send("GET", used, nobody());
      expect(status).toBe(302);
      expect(headers["set-cookie"]).toBeUndefined();
    }
  });
});

describe("none of the probes", () => {
  test("wrote or changed anything outside of the root", async () => {
    expect(await readdir(outside)).toEqual(["secret.txt"]);
    expect((await readdir(join(server.root, ".."))).sort()).toEqual([
      "outside",
      expect.stringMatching(/^root-/),
      "state",
    ]);
    expect(existsSync(join(outside, "not-yet.txt"))).toBe(false);
  });
});

type WebsocketProbe = [
  what: string,
  status: number,
  address: () => string,
  headers: () => Record<string, string>,
];

const channels = (): string => `/api/kernels/${kernelId}/channels`;
const own = (): string => `http://127.0.0.1:${server.port}`;
const WEBSOCKET_PROBES: WebsocketProbe[] = [
  ["without any proof", 403, channels, () => ({})],
  ["with a wrong token", 403, () => `${channels()}?token=x`, () => ({})],
  ["with the token in the address", 101, () => `${channels()}?token=${TOKEN}`, () => ({})],
  ["with the token in a header", 101, channels, () => BEARER],
  ["with the cookie from our page", 101, channels, () => ({ cookie, origin: own() })],
  [
    "with the cookie from another origin",
    403,
    channels,
    () => ({ cookie, origin: "http://evil.example" }),
  ],
  ["with the cookie and no origin", 403, channels, () => ({ cookie })],
  ["with the cookie and the origin null", 403, channels, () => ({ cookie, origin: "null" })],
  ["under another host", 403, channels, () => ({ ...BEARER, host: "evil.example" })],
  ["to a kernel that is not there", 404, () => "/api/kernels/none/channels", () => BEARER],
  ["to a place that has none", 404, () => "/api/contents", () => BEARER],
  ["to the events, without any proof", 403, () => "/api/events/subscribe", () => ({})],
  ["to the events, with the token", 101, () => "/api/events/subscribe", () => BEARER],
];

describe("a websocket", () => {
  test.each(WEBSOCKET_PROBES)("%s is answered with %i", async (_what, status, address, headers) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${address()}`, {
      headers: headers(),
    });
    const answer = await new Promise<number | undefined>((resolve) => {
      socket.on("open", () => resolve(101));
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
      socket.on("error", () => undefined);
    });
    socket.terminate();
    expect(answer).toBe(status);
  });
});

function sendBytes(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const connection = connect(port, "127.0.0.1", () => connection.write(text));
    connection.on("data", (chunk) => chunks.push(chunk));
    connection.on("end", () => {
      resolve(Buffer.concat(chunks).toString("utf8"));
      connection.destroy();
    });
    connection.on("error", reject);
  });
}
