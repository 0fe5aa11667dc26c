// The contents API: the life of files, notebooks and folders, as JupyterLab's own client drives it.
// Covers: lab/server/contents/*.ts
import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabClient } from "../../../support/lab-client.ts";
import { startTestServer } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";

let server: TestServer;
let client: LabClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new LabClient(server);
});

afterAll(async () => {
  client.dispose();
  await server.stop();
});

const NOTEBOOK = {
  cells: [
    { cell_type: "code", id: "a", metadata: {}, source: "1", outputs: [], execution_count: null },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
};

const onDisk = (name: string): Promise<string> => readFile(join(server.root, name), "utf8");

describe("new files", () => {
  test("get the next free name of their kind", async () => {
    await mkdir(join(server.root, "new"));
    const make = async (options: object): Promise<string> =>
      (await client.contents.newUntitled({ path: "new", ...options })).path;
    expect(await make({ type: "notebook" })).toBe("new/Untitled.ipynb");
    expect(await make({ type: "notebook" })).toBe("new/Untitled1.ipynb");
    expect(await make({ type: "file", ext: ".ts" })).toBe("new/untitled.ts");
    expect(await make({ type: "file", ext: "md" })).toBe("new/untitled.md");
    expect(await make({ type: "directory" })).toBe("new/Untitled Folder");
    expect(await make({ type: "directory" })).toBe("new/Untitled Folder 1");
    expect(JSON.parse(await onDisk("new/Untitled.ipynb"))).toEqual({ ...NOTEBOOK, cells: [] });
  });
});

describe("a saved file", () => {
  test("comes back as text, with its type, size and hash", async () => {
    await client.contents.save("ü 1.md", { type: "file", format: "text", content: "grüße" });
    const model = await client.contents.get("ü 1.md", { content: true, hash: true });
    expect(model).toMatchObject({
      name: "ü 1.md",
      path: "ü 1.md",
      type: "file",
      format: "text",
      content: "grüße",
      mimetype: "text/markdown",
      size: 7,
      writable: true,
      hash_algorithm: "sha256",
    });
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("comes back as base64 when it is no text", async () => {
    const content = Buffer.from([0, 255, 254, 1]).toString("base64");
    await client.contents.save("a.bin", { type: "file", format: "base64", content });
    expect(await client.contents.get("a.bin")).toMatchObject({
      format: "base64",
      content,
      mimetype: "application/octet-stream",
    });
    await expect(client.contents.get("a.bin", { content: true, format: "text" })).rejects.toThrow(
      /not UTF-8/,
    );
  });

  test("keeps its permissions, and stays where its link points", async () => {
    await writeFile(join(server.root, "tool.sh"), "old", { mode: 0o755 });
    await chmod(join(server.root, "tool.sh"), 0o755);
    await symlink("tool.sh", join(server.root, "link.sh"));
    await client.contents.save("link.sh", { type: "file", format: "text", content: "new" });
    expect(await onDisk("tool.sh")).toBe("new");
    expect((await stat(join(server.root, "tool.sh"))).mode & 0o777).toBe(0o755);
  });

  test("arrives in pieces and appears only when it is whole", async () => {
    const save = (chunk: number, content: string): Promise<unknown> =>
      client.contents.save("up.txt", { type: "file", format: "text", content, chunk } as object);
    await save(1, "one ");
    await save(2, "two ");
    await expect(client.contents.get("up.txt")).rejects.toThrow(/No such file/);
    await save(-1, "three");
    expect(await onDisk("up.txt")).toBe("one two three");
    expect((await readdir(server.root)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("whose first piece never came is refused", async () => {
    const body = { type: "file", format: "text", content: "x", chunk: 2 };
    expect((await server.send("PUT", "/api/contents/late.txt", { body })).status).toBe(404);
  });

  test.each([
    ["no type", { format: "text", content: "x" }, 400, /type must be/],
    ["no content", { type: "file", format: "text" }, 400, /No content/],
    ["no format", { type: "file", content: "x" }, 400, /format .*text.* or .*base64/],
    ["a chunk of 0", { type: "file", format: "text", content: "x", chunk: 0 }, 400, /chunk must/],
    ["a notebook of version 3", { type: "notebook", content: { nbformat: 3 } }, 400, /version 3/],
  ])("with %s is refused with the fix", async (_what, body, status, message) => {
    const answer = await server.send("PUT", "/api/contents/bad.txt", { body });
    expect(answer).toMatchObject({ status, body: expect.stringMatching(message) });
  });

  test("into a folder that is not there is refused", async () => {
    const body = { type: "file", format: "text", content: "x" };
    const answer = await server.send("PUT", "/api/contents/none/a.txt", { body });
    expect(answer).toMatchObject({ status: 404, body: expect.stringMatching(/Make it first/) });
  });
});

describe("a notebook", () => {
  test("is written as Jupyter writes it and read back", async () => {
    await client.contents.save("n.ipynb", { type: "notebook", format: "json", content: NOTEBOOK });
    expect(await onDisk("n.ipynb")).toBe(`${JSON.stringify(NOTEBOOK, undefined, 1)}\n`);
    const { content, type, format } = await client.contents.get("n.ipynb");
    expect({ type, format }).toEqual({ type: "notebook", format: "json" });
    expect(content).toMatchObject({ nbformat: 4, cells: [{ source: "1" }] });
  });

  test("that is not JSON is refused as a notebook, and readable as text", async () => {
    await writeFile(join(server.root, "broken.ipynb"), "{ not json");
    await expect(client.contents.get("broken.ipynb")).rejects.toThrow(
      /Unreadable notebook.*not JSON/,
    );
    const text = await client.contents.get("broken.ipynb", {
      content: true,
      type: "file",
      format: "text",
    });
    expect(text.content).toBe("{ not json");
  });
});

describe("trust", () => {
  const withOutput = (metadata: object = {}): object => ({
    ...NOTEBOOK,
    cells: [
      {
        ...NOTEBOOK.cells[0],
        metadata,
        outputs: [
          {
            output_type: "display_data",
            metadata: {},
            data: { "text/html": "<script>alert(1)</script>" },
          },
        ],
      },
    ],
  });
  const isTrusted = async (name: string): Promise<unknown> => {
    const { content } = (await client.contents.get(name)) as {
      content: { cells: { metadata: { trusted?: boolean } }[] };
    };
    return content.cells[0]?.metadata.trusted;
  };

  test("is not given to saved scripts that came from elsewhere", async () => {
    await writeFile(join(server.root, "foreign.ipynb"), JSON.stringify(withOutput()));
    expect(await isTrusted("foreign.ipynb")).toBe(false);
    await client.contents.save("foreign.ipynb", { type: "notebook", content: withOutput() });
    expect(await isTrusted("foreign.ipynb")).toBe(false);
  });

  test("is given by the user, for exactly this content", async () => {
    await writeFile(join(server.root, "mine.ipynb"), JSON.stringify(withOutput()));
    expect((await server.send("POST", "/api/contents/mine.ipynb/trust")).status).toBe(201);
    expect(await isTrusted("mine.ipynb")).toBe(true);
    await writeFile(join(server.root, "mine.ipynb"), JSON.stringify(withOutput({ tags: ["x"] })));
    expect(await isTrusted("mine.ipynb")).toBe(false);
  });

  test("follows from running the cells, and is no part of the file", async () => {
    const content = withOutput({ trusted: true });
    await client.contents.save("ran.ipynb", { type: "notebook", content });
    expect(await onDisk("ran.ipynb")).not.toContain("trusted");
    expect(await isTrusted("ran.ipynb")).toBe(true);
  });

  test("is kept in files that only the user can read", async () => {
    const folder = join(server.state, "trust");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });
});

describe("a folder", () => {
  test("lists what is in it, without hidden names and links that lead out", async () => {
    const folder = join(server.root, "list");
    await mkdir(join(folder, "inner"), { recursive: true });
    await writeFile(join(folder, "a.txt"), "a");
    await writeFile(join(folder, ".hidden"), "h");
    await symlink("a.txt", join(folder, "inside.txt"));
    await symlink("/etc/passwd", join(folder, "outside.txt"));
    await symlink("nowhere", join(folder, "dangling.txt"));
    const model = await client.contents.get("list");
    const entries = (model.content as { name: string; type: string }[]).map(
      ({ name, type }) => `${name} ${type}`,
    );
    expect(entries.sort()).toEqual(["a.txt file", "inner directory", "inside.txt file"]);
  });

  test("is no file, and a file is no folder", async () => {
    await mkdir(join(server.root, "kind"));
    await writeFile(join(server.root, "kind.txt"), "");
    await expect(client.contents.get("kind", { type: "file" })).rejects.toThrow(/is a directory/);
    await expect(client.contents.get("kind.txt", { type: "directory" })).rejects.toThrow(
      /is a file/,
    );
    const body = { type: "directory" };
    expect((await server.send("PUT", "/api/contents/kind.txt", { body })).status).toBe(400);
    expect((await server.send("PUT", "/api/contents/kind", { body })).status).toBe(200);
    expect((await server.send("PUT", "/api/contents/kind/made", { body })).status).toBe(201);
  });

  test("that is not empty is not deleted", async () => {
    await mkdir(join(server.root, "full"));
    await writeFile(join(server.root, "full", ".only-hidden"), "");
    await expect(client.contents.delete("full")).rejects.toThrow(/not empty/);
    await mkdir(join(server.root, "hollow", ".ipynb_checkpoints"), { recursive: true });
    await client.contents.delete("hollow");
    await expect(stat(join(server.root, "hollow"))).rejects.toThrow(/ENOENT/);
  });
});

describe("copies and renames", () => {
  test("find the next free name beside the original", async () => {
    await writeFile(join(server.root, "c.tar.gz"), "c");
    await mkdir(join(server.root, "target"));
    expect((await client.contents.copy("c.tar.gz", "")).path).toBe("c.tar-Copy1.gz");
    expect((await client.contents.copy("c.tar-Copy1.gz", "")).path).toBe("c.tar-Copy2.gz");
    expect((await client.contents.copy("c.tar.gz", "target")).path).toBe("target/c.tar.gz");
  });

  test("take a folder with all that is in it, but not into itself", async () => {
    await mkdir(join(server.root, "tree", "leaf"), { recursive: true });
    await writeFile(join(server.root, "tree", "leaf", "x.txt"), "x");
    expect((await client.contents.copy("tree", "")).path).toBe("tree-Copy1");
    expect(await onDisk("tree-Copy1/leaf/x.txt")).toBe("x");
    await expect(client.contents.copy("tree", "tree/leaf")).rejects.toThrow(/into itself/);
  });

  test("never overwrite", async () => {
    await writeFile(join(server.root, "one.txt"), "1");
    await writeFile(join(server.root, "two.txt"), "2");
    await expect(client.contents.rename("one.txt", "two.txt")).rejects.toThrow(/already exists/);
    expect(await onDisk("two.txt")).toBe("2");
  });

  test("move a link itself, and delete a link but not its target", async () => {
    await writeFile(join(server.root, "real.txt"), "r");
    await symlink("real.txt", join(server.root, "alias.txt"));
    await client.contents.rename("alias.txt", "alias2.txt");
    await client.contents.delete("alias2.txt");
    expect(await onDisk("real.txt")).toBe("r");
    await expect(stat(join(server.root, "alias2.txt"))).rejects.toThrow(/ENOENT/);
  });
});

describe("a checkpoint", () => {
  test("brings an earlier state back and follows a rename", async () => {
    await client.contents.save("cp.txt", { type: "file", format: "text", content: "first" });
    const { id } = await client.contents.createCheckpoint("cp.txt");
    await client.contents.save("cp.txt", { type: "file", format: "text", content: "second" });
    await client.contents.rename("cp.txt", "cp2.txt");
    expect(await client.contents.listCheckpoints("cp2.txt")).toHaveLength(1);
    await client.contents.restoreCheckpoint("cp2.txt", id);
    expect(await onDisk("cp2.txt")).toBe("first");
    await client.contents.deleteCheckpoint("cp2.txt", id);
    expect(await client.contents.listCheckpoints("cp2.txt")).toEqual([]);
    await expect(client.contents.restoreCheckpoint("cp2.txt", id)).rejects.toThrow(/no checkpoint/);
  });

  test("goes with its file", async () => {
    await client.contents.save("gone.txt", { type: "file", format: "text", content: "x" });
    await client.contents.createCheckpoint("gone.txt");
    await client.contents.delete("gone.txt");
    const kept = await readdir(join(server.root, ".ipynb_checkpoints"));
    expect(kept.filter((name) => name.startsWith("gone"))).toEqual([]);
  });

  test("is not written through a folder that is a link", async () => {
    const folder = join(server.root, "linked");
    await mkdir(folder);
    await writeFile(join(folder, "a.txt"), "a");
    await symlink(server.state, join(folder, ".ipynb_checkpoints"));
    await expect(client.contents.createCheckpoint("linked/a.txt")).rejects.toThrow(
      /link or a file/,
    );
  });
});

describe("raw files", () => {
  test("are sent whole, in part, or not at all when the browser has them", async () => {
    await writeFile(join(server.root, "raw.txt"), "0123456789");
    const whole = await server.send("GET", "/files/raw.txt");
    expect(whole).toMatchObject({ status: 200, body: "0123456789" });
    const authorization = `token ${server.token}`;
    const ask = (headers: Record<string, string>): ReturnType<TestServer["send"]> =>
      server.send("GET", "/files/raw.txt", { headers: { authorization, ...headers } });
    expect(await ask({ range: "bytes=2-4" })).toMatchObject({ status: 206, body: "234" });
    expect(await ask({ range: "bytes=20-" })).toMatchObject({ status: 416 });
    expect((await ask({ "if-none-match": whole.headers.etag ?? "" })).status).toBe(304);
    expect(await server.send("HEAD", "/files/raw.txt")).toMatchObject({ status: 200, body: "" });
    const saved = await server.send("GET", "/files/raw.txt?download=1");
    expect(saved.headers["content-disposition"]).toBe("attachment; filename*=utf-8''raw.txt");
  });

  test("are found by the path of a traceback", async () => {
    await writeFile(join(server.root, "trace.ts"), "");
    const found = { resolved: [{ path: "trace.ts", scope: "server" }], unresolved: [] };
    const path = (text: string): string => `/api/resolvePath?path=${encodeURIComponent(text)}`;
    expect(await server.json("GET", path(join(server.root, "trace.ts")))).toEqual(found);
    expect(await server.json("GET", path("trace.ts"))).toEqual(found);
    expect(await server.json("GET", path("/etc/passwd"))).toEqual({ resolved: [], unresolved: [] });
  });
});
