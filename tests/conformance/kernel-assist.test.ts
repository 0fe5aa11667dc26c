// Completion and inspection by a real kernel process, with and without a language server, idle and busy.
// Covers: kernel/assist/complete.ts, kernel/assist/inspect.ts, kernel/assist/source-text.ts, kernel/assist/commands.ts
// Covers: kernel/assist/language.ts, kernel/assist/server-answers.ts, kernel/execute/runtime/live-values.ts
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cursorOfOffset, offsetOfCursor } from "../../kernel/assist/cursor.ts";
import type { JsonObject } from "../../kernel/protocol/message.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;

/** A notebook's folder with a package and a module beside the notebook. */
function notebookFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gradlab-assist-")));
  const packageFolder = join(folder, "node_modules", "brewery");
  mkdirSync(packageFolder, { recursive: true });
  const files: Readonly<Record<string, string>> = {
    "package.json": '{ "private": true, "dependencies": { "brewery": "1.0.0" } }',
    "node_modules/brewery/package.json":
      '{ "name": "brewery", "version": "1.0.0", "types": "index.d.ts" }',
    "node_modules/brewery/index.js": "exports.brew = ({ grams }) => ({ cups: grams / 10 });",
    "node_modules/brewery/index.d.ts":
      "/** Makes coffee. */\nexport declare function brew(o: { grams: number }): { cups: number };\n",
    "shapes.ts":
      "export interface Box { width: number; depth: number }\n/** Area of a box. */\nexport function boxArea(box: Box): number {\n  return box.width * box.depth;\n}\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const CELLS = [
  "interface Boat { sails: number; name: string; turn(degrees: number): void }",
  'const boat: Boat = { sails: 2, name: "Ida", turn() {} };',
  "function harbour() { return { piers: 3, depth: 9 }; }",
  "function moor(plan: { ropes: number; fenders?: number }) { return plan; }",
  "class Vault { private secret = 1; shown = 2 }\nconst vault = new Vault();",
  'import * as files from "node:fs";',
  "/** Doubles a number.\n * @param x - what is doubled */\nfunction twice(x: number): number {\n  return 2 * x;\n}",
  "/** How fast. */\nlet speed = { knots: 4.5, gusts: [6, 7] };",
  'const anything: any = JSON.parse(\'{"inside": {"deep": 1}}\');',
];

beforeAll(async () => {
  kernel = await TestKernel.start({ folder: notebookFolder() });
  for (const code of CELLS) await kernel.execute(code);
  // The first question starts the language server; until it is there, values answer, which know no types.
  await vi.waitFor(async () => {
    if (!(await offered("let b: Boa|")).includes("Boat")) throw new TypeError("no types yet");
  }, 20_000);
});
afterAll(async () => {
  await kernel.stop();
});

/** Asks at the mark. */
async function ask(type: string, marked: string, more: JsonObject = {}): Promise<JsonObject> {
  const at = marked.indexOf("|");
  const code = marked.slice(0, at) + marked.slice(at + 1);
  const cursor = cursorOfOffset(code, at);
  const reply = await kernel.request("shell", type, { code, cursor_pos: cursor, ...more });
  expect(reply.content["status"]).toBe("ok");
  return reply.content;
}

const offered = async (marked: string): Promise<string[]> =>
  (await ask("complete_request", marked))["matches"] as string[];

/** The code after accepting an offer, as a front end puts it in. */
async function accepted(marked: string, isWanted: (text: string) => boolean): Promise<string> {
  const reply = await ask("complete_request", marked);
  const text = (reply["matches"] as string[]).find((one) => isWanted(one));
  const code = marked.replace("|", "");
  const [start, end] = [reply["cursor_start"], reply["cursor_end"]].map((cursor) =>
    offsetOfCursor(code, cursor),
  );
  return `${code.slice(0, start)}${text}${code.slice(end)}`;
}

/** On a machine that is too busy to answer in time, values answer in place of types: asks until types do. */
const settles = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, 20_000);

describe("completion", () => {
  test.each([
    ["a value of an earlier cell", "boat.|", ["name", "sails", "turn"]],
    [
      "a parameter, before anything ran",
      "(q: { rank: number; size: string }) => q.|",
      ["rank", "size"],
    ],
    [
      "an interface of the same cell",
      "interface New { one: 1; two: 2 }\ndeclare const fresh: New;\nfresh.|",
      ["one", "two"],
    ],
    ["an interface of an earlier cell", "const f = (b: Boat) => b.|", ["name", "sails", "turn"]],
    ["the result of a call", "harbour().|", ["depth", "piers"]],
    ["a standard object", "Math.sqr|", ["sqrt"]],
    ["a module that an earlier cell imported", "files.readFileS|", ["readFileSync"]],
    ["a module that this cell imports", 'import * as p from "node:path";\np.basen|', ["basename"]],
    ["what a package returns", 'import { brew } from "brewery";\nbrew({ grams: 1 }).|', ["cups"]],
    ["the keys that are wanted", "moor({ | })", ["fenders", "ropes"]],
    ["the strings of a union", 'const side: "lee" | "luv" = "\u2038"', ["lee", "luv"]],
    ["a path", 'import {} from "./sha|"', ["shapes"]],
    ["a package", 'import {} from "brew|"', ["brewery"]],
    ["an exported name", 'import { boxA| } from "./shapes"', ["boxArea"]],
    ["a name of the session", "harb|", ["harbour"]],
    ["a type of the session", "let b: Boa|", ["Boat"]],
    ["public members only", "vault.|", ["shown"]],
    ["what a function has of its own first", "function f() {}\nf.own = 1;\nf.|", ["own", "apply"]],
    ["an element by inference", "[{ key: 1 }].map((e) => e.|)", ["key"]],
    ["a value of which only its content is known", "anything.inside.|", ["deep"]],
  ])("offers %s", async (_what, marked, names) => {
    const mark = marked.includes("\u2038") ? marked.replaceAll("|", "¦") : marked;
    const code = mark.replace("\u2038", "|");
    await settles(async () => {
      const asked = code.includes("¦") ? await offeredAround(code) : await offered(code);
      expect(asked.slice(0, names.length)).toEqual(names);
    });
  });

  /** For code with a bar of its own. */
  async function offeredAround(code: string): Promise<string[]> {
    const text = code.replace("|", "").replaceAll("¦", "|");
    const content = { code: text, cursor_pos: code.indexOf("|") };
    const reply = await kernel.request("shell", "complete_request", content);
    return reply.content["matches"] as string[];
  }

  test("offers keywords and tells kinds, signatures and documentation", async () => {
    expect(await offered("func|")).toContain("function");
    // Details that come late on a busy machine are left out, so ask until they come.
    await settles(async () => {
      const { metadata } = await ask("complete_request", "twi|");
      expect((metadata as JsonObject)["_jupyter_types_experimental"]).toEqual([
        {
          start: 0,
          end: 3,
          text: "twice",
          type: "function",
          signature: "function twice(x: number): number",
          documentation: "Doubles a number.\n\n*@param* `x` - what is doubled",
        },
      ]);
    });
  });

  test("counts astral characters once", async () => {
    await settles(async () => {
      const reply = await ask("complete_request", 'const s = "😀😀"; s.toUpp|');
      expect(reply).toMatchObject({ matches: ["toUpperCase"], cursor_start: 18, cursor_end: 23 });
    });
  });

  test("replaces the whole word", async () => {
    await settles(async () => {
      expect(await accepted("Math.sqr|x + 1", (text) => text === "sqrt")).toBe("Math.sqrt + 1");
    });
  });

  test.each([
    ["brew|", 'import { brew } from "brewery";\nbrew'],
    [
      "const a = 1;\nconst b = brew|",
      'const a = 1;\nimport { brew } from "brewery";\nconst b = brew',
    ],
  ])("writes the import of an installed package: %j", async (marked, code) => {
    await settles(async () => {
      expect(await accepted(marked, (text) => text.includes("brewery"))).toBe(code);
    });
  });

  test("writes the import of a module of Node", async () => {
    await offered("existsSyn|");
    await settles(async () => {
      const code = await accepted("existsSyn|", (text) => text.includes("node:fs"));
      expect(code).toBe('import { existsSync } from "node:fs";\nexistsSync');
    });
  });

  test("a member is never one that would have to be imported", async () => {
    await settles(async () => expect(await offered("Math.exist|")).toEqual([]));
    await settles(async () => expect(await offered("exist|")).toHaveLength(2));
    expect(await offered("Math.exist|")).toEqual([]);
  });

  test("an import that was written so runs", async () => {
    let code = "";
    await settles(async () => {
      code = await accepted("const cups = brew|", (text) => text.includes("brewery"));
      expect(code).toContain("import");
    });
    const run = await kernel.execute(`${code}({ grams: 20 }).cups;\ncups`);
    expect(run.result).toEqual({ "text/plain": "2" });
  });

  test.each(["// boa|", "const boa|", "%%sh\nls boa|", "%who boa|"])(
    "offers nothing in %j",
    async (code) => {
      await settles(async () => {
        expect(await offered(code)).toEqual([]);
      });
    },
  );

  test("offers cell commands, and names in the code that one takes", async () => {
    expect(await offered("%ti|")).toEqual(["%time", "%timeit"]);
    expect(await offered("%types |")).toEqual(["off", "on", "strict"]);
    expect(await offered("%types st|")).toEqual(["strict"]);
    expect(await offered("%timeit -|")).toEqual(["-n", "-r", "-o", "-q"]);
    await settles(async () => {
      expect(await offered("%time boat.|")).toEqual(["name", "sails", "turn"]);
      expect(await offered("%%time\nboat.sa|")).toEqual(["sails"]);
    });
  });
});

describe("inspection", () => {
  /** The reply at the mark as text, and its mime types. */
  async function inspected(marked: string, detail_level = 0): Promise<JsonObject> {
    const { found, data } = await ask("inspect_request", marked, { detail_level });
    return found ? (data as JsonObject) : {};
  }
  const text = async (marked: string, level = 0): Promise<string> =>
    String((await inspected(marked, level))["text/plain"]);

  test("shows signature and documentation in three forms", async () => {
    await settles(async () => {
      expect(await inspected("twi|ce(1)")).toEqual({
        "text/plain":
          "function twice(x: number): number\n\nDoubles a number.\n\n@param x - what is doubled",
        "text/markdown":
          "```typescript\nfunction twice(x: number): number\n```\n\nDoubles a number.\n\n*@param* `x` - what is doubled",
        "text/html": expect.stringContaining("<p>Doubles a number.</p>"),
      });
    });
  });

  test.each([
    ["spe|ed", "let speed: {"],
    ["Math.ma|x(1)", "Math.max(...values: number[]): number"],
    ["let b: Bo|at", "interface Boat { sails: number; name: string; turn(degrees: number): void }"],
    ["[1].ma|p((x) => String(x))", "string[]"],
    ["twice(|)", "twice(x: number): number"],
    ["moor(twice(1), |", "moor(plan: {"],
    ["boat.turn(|", "turn(degrees: number): void"],
    ["speed|", "let speed: {"],
    ["Vau|lt", "class Vault\nnew Vault(): Vault"],
    ["any|thing", "const anything: any\n\n{ inside: Object }"],
  ])("knows %j", async (marked, part) => {
    await settles(async () => {
      expect(await text(marked)).toContain(part);
    });
  });

  test.each([
    ["twi|ce(1)", ["function twice(x: number): number {\n  return 2 * x;\n}", "cell 7, line 3"]],
    ["twice(|", ["return 2 * x;", "cell 7"]],
    ["spe|ed", ["/** How fast. */\nlet speed = { knots: 4.5", "cell 8"]],
    [
      'import { boxArea } from "./shapes"; box|Area',
      ["box.width * box.depth", "shapes.ts, line 3"],
    ],
    [
      'import { brew } from "brewery"; br|ew',
      ["export declare function brew", "brewery/index.d.ts"],
    ],
    ["Math.ma|x(1)", ["max(...values: number[]): number;", "lib.es5.d.ts"]],
    ["const own = 1;\now|n", ["const own = 1", "this cell, line 1"]],
  ])("with detail level 1, %j shows the source", async (marked, parts) => {
    await settles(async () => {
      const shown = await text(marked, 1);
      for (const part of parts) expect(shown).toContain(part);
    });
  });

  test.each(["nobodyKnows|This", "con|st a = 1", "1 + | 2", "|"])(
    "%j is not found",
    async (marked) => {
      expect(await inspected(marked)).toEqual({});
    },
  );
});

describe("values as they are now", () => {
  test("looking at them runs no getter and no trap of a proxy", async () => {
    await kernel.execute(
      `let looks = 0;
      const watched: any = {};
      Object.defineProperty(watched, "getter", { get() { looks++; return { hidden: 1 }; }, enumerable: true });
      const proxy: any = new Proxy({}, { ownKeys() { looks++; return []; }, get() { looks++; return 1; } });`,
    );
    expect(await offered("watched.|")).toContain("getter");
    expect(await offered("watched.getter.|")).not.toContain("hidden");
    await offered("proxy.|");
    await ask("inspect_request", "watched.get|ter");
    expect((await kernel.execute("looks")).result).toEqual({ "text/plain": "0" });
  });

  test("a getter that never ends is given up, and the session goes on", async () => {
    await kernel.execute(
      "const trap: any = { get inside() { while (true); } }; let ticks = 0; const timer = setInterval(() => ticks++, 5);",
    );
    expect(await offered("trap.inside.|")).toEqual([]);
    const run = await kernel.execute(
      "await new Promise((resolve) => setTimeout(resolve, 30)); clearInterval(timer); ticks > 1",
    );
    expect(run.result).toEqual({ "text/plain": "true" });
  });
});

describe("while a cell runs", () => {
  test("completion and inspection answer at once", async () => {
    const cell = kernel.send("shell", "execute_request", {
      code: "const end = Date.now() + 60_000; const trip = { miles: 3 }; console.log('on'); while (Date.now() < end);",
    });
    await kernel.until(() => kernel.textOf(cell.id).includes("on"), "the cell's start");
    await settles(async () => {
      expect(await offered("boat.|")).toEqual(["name", "sails", "turn"]);
      expect(await ask("inspect_request", "twi|ce")).toMatchObject({ found: true });
      expect(await offered("trip.|")).toEqual(["miles"]);
    });
    // Only the running process could tell.
    expect(await offered("anything.|")).toEqual([]);
    await kernel.interrupt();
    expect((await cell.reply).content["status"]).toBe("error");
  });
});

describe("hostile requests", () => {
  test.each([-5, 99_999, 1.5, null, "x", undefined])("cursor_pos %s is answered", async (at) => {
    const content = { code: "Math.sq", ...(at === undefined ? {} : { cursor_pos: at }) };
    const complete = await kernel.request("shell", "complete_request", content);
    expect(complete.content["status"]).toBe("ok");
    const inspect = await kernel.request("shell", "inspect_request", content);
    expect(inspect.content["status"]).toBe("ok");
  });
});
