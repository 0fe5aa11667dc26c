// %install: packages of a registry come beside the notebook, with types, and every failure says what helps.
// Covers: kernel/commands/install.ts
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel, type CellRun } from "../support/test-kernel.ts";

const files = mkdtempSync(join(tmpdir(), "gradlab-registry-"));
const folder = mkdtempSync(join(tmpdir(), "gradlab-install-"));
let registry: Server;
let kernel: TestKernel;

/** The tarball of a package with these files. */
function pack(name: string, content: Record<string, string>): Buffer {
  const root = join(files, name.replace("/", "+"));
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(join(root, "package", path, ".."), { recursive: true });
    writeFileSync(join(root, "package", path), text);
  }
  return execFileSync("tar", ["-czf", "-", "-C", root, "package"]);
}

const PACKAGES: Readonly<Record<string, Buffer>> = {
  "greet-twice": pack("greet-twice", {
    "package.json":
      '{"name":"greet-twice","version":"1.2.0","main":"main.js","scripts":{"postinstall":"touch ran"}}',
    "main.js": "exports.greet = (name) => `hello ${name}, hello ${name}`;",
  }),
  "greet-thrice": pack("greet-thrice", {
    "package.json":
      '{"name":"greet-thrice","version":"1.0.0","type":"module","exports":"./main.js"}',
    "main.js": "export const greet = (name) => `hello ${name}`;",
  }),
  "@types/greet-twice": pack("@types/greet-twice", {
    "package.json": '{"name":"@types/greet-twice","version":"1.2.0","types":"index.d.ts"}',
    "index.d.ts": "export declare function greet(name: string): string;",
  }),
};

/** Answers as a registry of npm does. */
function answer(path: string): { status: number; body: Buffer | string } {
  const name = decodeURIComponent(path.slice(1)).replace(/\.tgz$/, "");
  const tarball = PACKAGES[name];
  if (!tarball) return { status: 404, body: '{"error":"not found"}' };
  if (path.endsWith(".tgz")) return { status: 200, body: tarball };
  const { port } = registry.address() as AddressInfo;
  const version = (
    JSON.parse(
      readFileSync(join(files, name.replace("/", "+"), "package", "package.json"), "utf8"),
    ) as { version: string }
  ).version;
  const dist = {
    tarball: `http://127.0.0.1:${port}/${encodeURIComponent(name)}.tgz`,
    integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
  };
  const versions = { [version]: { name, version, dist, hasInstallScript: true } };
  return {
    status: 200,
    body: JSON.stringify({ name, "dist-tags": { latest: version }, versions }),
  };
}

const registryUrl = (): string => `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;

async function start(address: string, types = "off"): Promise<TestKernel> {
  const environment = {
    npm_config_registry: address,
    npm_config_cache: join(files, "cache"),
    GRADLAB_TYPES: types,
  };
  return TestKernel.start({ folder, environment });
}

beforeAll(async () => {
  registry = createServer((request, response) => {
    if (request.url === "/never-answers") return;
    const { status, body } = answer(request.url ?? "/");
    response.writeHead(status).end(body);
  });
  await new Promise<void>((ready) => registry.listen(0, "127.0.0.1", ready));
  kernel = await start(registryUrl());
});
afterAll(async () => {
  await kernel.stop();
  registry.closeAllConnections();
  registry.close();
});

const run = (code: string): Promise<CellRun> => kernel.execute(code);

describe("%install", () => {
  test("makes a package.json beside the notebook, and the package can be imported at once", async () => {
    expect((await run("import { greet } from 'greet-twice'")).error?.evalue).toMatch(
      /%install greet-twice/,
    );
    const { stdout, error } = await run("%install greet-twice");
    expect(error).toBeUndefined();
    expect(stdout).toMatch(/^installing into .* \(made a package\.json there\)\n/);
    expect(stdout).toContain("added 1 package");
    const { result } = await run("import { greet } from 'greet-twice'; greet('Ada')");
    expect(result?.["text/plain"]).toBe("'hello Ada, hello Ada'");
  });

  test("brings types along and runs no install scripts", async () => {
    const { stdout } = await run("%install greet-twice");
    expect(stdout).toMatch(/its package\.json is updated/);
    expect(existsSync(join(folder, "node_modules/@types/greet-twice/index.d.ts"))).toBe(true);
    expect(existsSync(join(folder, "node_modules/greet-twice/ran"))).toBe(false);
  });

  test("installs in the middle of a cell, for the lines below", async () => {
    const { result, error } = await run(
      "const who = 'Bob'\n%install greet-thrice\nimport { greet as again } from 'greet-thrice'\nagain(who)",
    );
    expect(error).toBeUndefined();
    expect(result?.["text/plain"]).toBe("'hello Bob'");
  });

  test.each([
    [
      "%install no-such-package-here",
      /expects npm to install no-such-package-here; the registry has no package of that name\. Check the spelling/,
    ],
    ["%install greet-twice@99", /the package has no such version\. Leave the version out/],
  ])("%s fails with the cause and the remedy", async (code, expected) => {
    const { error } = await run(code);
    expect(error?.ename).toBe("InstallError");
    expect(error?.evalue).toMatch(expected);
  });

  test("is interrupted, with npm", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "%install never-answers",
    });
    await kernel.until(() => kernel.textOf(id).includes("installing into"), "the start of npm");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    const wait =
      "for i in 1 2 3 4 5 6 7 8 9 10; do pgrep -f 'npm install.*never-answers' | grep -vw $$ > /dev/null || break; sleep 0.2; done";
    const { stdout } = await run(
      `%%sh\n${wait}\npgrep -f 'node.*npm.*never-answer[s]' || echo none`,
    );
    expect(stdout).toBe("none\n");
  });

  test("says when the registry cannot be reached", async () => {
    const offline = await start("http://127.0.0.1:9/");
    try {
      const { error } = await offline.execute("%install not-cached");
      expect(error?.evalue).toMatch(/the registry cannot be reached\. Check the network/);
    } finally {
      await offline.stop();
    }
  });
});
