// `gradlab lab` as a process: prints its address, serves, refuses what cannot work, and stops cleanly.
// Covers: cli/lab/ensure-page.ts
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ensurePage } from "../../../cli/lab/ensure-page.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-lab-"));
const running: ChildProcess[] = [];

beforeAll(() => ensurePage({ installation: ROOT }), 180_000);
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true }));

function lab(...args: string[]): {
  child: ChildProcess;
  address: Promise<URL>;
  exit: Promise<number | null>;
  errors: Promise<string>;
} {
  const child = spawn(process.execPath, ["dist/cli/main.js", "lab", ...args, "--no-browser"], {
    cwd: ROOT,
  });
  running.push(child);
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const address = new Promise<URL>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const url = /http:\/\/\S+/.exec(output)?.[0];
      if (url) resolve(new URL(url));
    });
    child.once("exit", () => reject(new TypeError(`the lab ended without an address: ${output}`)));
  });
  address.catch(() => undefined); // tests of refusals wait for the exit instead
  return { child, address, exit, errors: text(child.stderr) };
}

describe("gradlab lab", () => {
  test("prints an address that opens the page, on the first notebook when there is one, and stops on a signal", async () => {
    writeFileSync(join(folder, "00-welcome.ipynb"), "{}");
    const { child, address, exit } = lab(folder, "--port", "0", "--token", "a-token-for-tests");
    const url = await address;
    expect(url.pathname).toBe("/lab/tree/00-welcome.ipynb");
    expect(url.searchParams.get("token")).toBe("a-token-for-tests");
    const page = await fetch(new URL(`/lab?token=a-token-for-tests`, url));
    expect(page.status).toBe(200);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  test("a port that is taken is named, with the way out", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
    });
    const { exit, errors } = lab(folder, "--port", String(port));
    expect(await exit).toBe(2);
    expect(await errors).toMatch(
      /Port \d+ must be free, another program uses it\. Choose another one with --port/,
    );
    other.close();
  });

  test("a folder that is missing is named, with the command that makes it", async () => {
    const { exit, errors } = lab(join(folder, "missing"), "--port", "0");
    expect(await exit).toBe(2);
    expect(await errors).toMatch(/mkdir -p/);
  });

  test("a second lab on the same folder is refused and says where the first one is", async () => {
    const first = lab(folder, "--port", "0");
    const url = await first.address;
    const second = lab(folder, "--port", "0");
    expect(await second.exit).toBe(2);
    expect(await second.errors).toContain(url.origin);
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
  });

  test.each([
    ["--port", "many", /must be a whole number, got "many"/],
    ["--memory", "0", /must be at least 1, got "0"/],
  ])("%s %s is wrong use", async (option, value, message) => {
    const { exit, errors } = lab(folder, option, value);
    expect(await exit).toBe(2);
    expect(await errors).toMatch(message);
  });
});

describe("making sure of the page", () => {
  test("an installation with neither page nor sources says what to do", async () => {
    await expect(ensurePage({ installation: folder })).rejects.toThrow(/Install gradlab again/);
  });

  test("a page that is built already prints nothing", async () => {
    const output = new PassThrough();
    await ensurePage({ installation: ROOT, output: output as unknown as NodeJS.WriteStream });
    expect(output.readableLength).toBe(0);
  });
});
