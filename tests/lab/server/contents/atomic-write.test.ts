// Saving never harms what was saved before: full disk, no permission, an end in the middle.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  saveBytes,
  UNFINISHED_PREFIX,
  writeAtomically,
} from "../../../../lab/server/contents/atomic-write.ts";
import { explainDiskErrors } from "../../../../lab/server/contents/disk-errors.ts";
import { startTestServer } from "../../../support/lab-server.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradlab-atomic-"));
  path = join(folder, "work.ipynb");
  await writeFile(path, "old");
});

afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

class SystemError extends TypeError {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

describe("saving a file", () => {
  test("replaces it whole and leaves nothing else behind", async () => {
    await saveBytes(path, "new");
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["work.ipynb"]);
  });

  test("that fails half-way leaves the old file whole and says how to go on", async () => {
    const save = explainDiskErrors('save "work.ipynb"', () =>
      writeAtomically(path, async (handle) => {
        await handle.writeFile("half of the ne");
        throw new SystemError("ENOSPC");
      }),
    );
    await expect(save).rejects.toMatchObject({
      status: 507,
      message: expect.stringMatching(/the disk is full\. Free some space.*unchanged/),
    });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["work.ipynb"]);
  });

  test.each([
    ["EACCES", 403, /writable/],
    ["EROFS", 403, /read-only/],
    ["EDQUOT", 507, /quota/],
    ["ENAMETOOLONG", 400, /Shorten/],
  ])("explains %s", async (code, status, message) => {
    const save = explainDiskErrors("save", () => Promise.reject(new SystemError(code)));
    await expect(save).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
  });

  test("whose process is killed in the middle leaves the old file whole", async () => {
    const module = new URL("../../../../dist/lab/server/contents/atomic-write.js", import.meta.url);
    const program = `
      import { writeAtomically } from ${JSON.stringify(module.href)};
      await writeAtomically(${JSON.stringify(path)}, async (handle) => {
        await handle.writeFile("half of the ne");
        console.log("half");
        setInterval(() => {}, 1000);
        await new Promise(() => {});
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await readFile(path, "utf8")).toBe("old");
    const left = (await readdir(folder)).filter((name) => name !== "work.ipynb");
    expect(left).toEqual([expect.stringMatching(new RegExp(`^${UNFINISHED_PREFIX}`))]);
  });
});

describe("a folder that lost its permission while the lab runs", () => {
  test("answers a save with 403 and the fix, and keeps the file", async () => {
    const server = await startTestServer({ root: folder });
    await chmod(folder, 0o555);
    // Root may write everywhere: act as a plain user while the request is served.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      const body = { type: "file", format: "text", content: "new" };
      const answer = await server.send("PUT", "/api/contents/work.ipynb", { body });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatch(/Make the folder writable.*unchanged/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(await readFile(path, "utf8")).toBe("old");
    await server.stop();
  });
});
