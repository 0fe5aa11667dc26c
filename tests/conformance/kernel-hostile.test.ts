// What nobody should send: forged, broken and repeated messages, and thousands of random ones. The kernel goes on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Dealer } from "zeromq";
import { endpointOf } from "../../kernel/protocol/connection-file.ts";
import { sealFrames } from "../../kernel/protocol/frames.ts";
import { createMessage } from "../../kernel/protocol/message.ts";
import { Signer } from "../../kernel/protocol/signature.ts";
import { TestKernel } from "../support/test-kernel.ts";

const SEED = 20_260_101;
const MESSAGES = 1500;

let kernel: TestKernel;
let signer: Signer;
let sockets: Record<"shell" | "control" | "stdin", Dealer>;
beforeAll(async () => {
  kernel = await TestKernel.start({ environment: { GRADLAB_TYPES: "off" } });
  signer = new Signer(kernel.connection.key);
  sockets = { shell: new Dealer(), control: new Dealer(), stdin: new Dealer() };
  for (const [name, socket] of Object.entries(sockets)) {
    socket.linger = 0;
    socket.connect(endpointOf(kernel.connection, name as keyof typeof sockets));
  }
});
afterAll(async () => {
  for (const socket of Object.values(sockets)) socket.close();
  await kernel.stop();
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const header = (type: string): object =>
  createMessage({ type, session: "hostile", content: {} }).header;
const parts = (type: string, content: object): Buffer[] =>
  [header(type), {}, {}, content].map(json);
const code = "globalThis.harmed = (globalThis.harmed ?? 0) + 1";
const unsigned = (signature: string, frames: Buffer[]): Buffer[] => [
  Buffer.from("<IDS|MSG>"),
  Buffer.from(signature),
  ...frames,
];

/** How often hostile code has run. */
async function harmed(): Promise<unknown> {
  const run = await kernel.execute("globalThis.harmed ?? 0");
  return run.result?.["text/plain"];
}

describe("one message", () => {
  beforeEach(async () => {
    await kernel.execute("globalThis.harmed = 0");
  });

  test.each<[string, () => Uint8Array[]]>([
    ["with a wrong signature", () => unsigned("0".repeat(64), parts("execute_request", { code }))],
    ["with an empty signature", () => unsigned("", parts("execute_request", { code }))],
    ["without a delimiter", () => [Buffer.from("abc"), Buffer.from("def")]],
    ["that is one empty frame", () => [Buffer.from("")]],
    ["that is a delimiter only", () => [Buffer.from("<IDS|MSG>")]],
    ["of too few frames", () => sealFrames(parts("execute_request", { code }).slice(0, 2), signer)],
    [
      "with broken JSON",
      () => {
        const broken = parts("execute_request", { code });
        return sealFrames([...broken.slice(0, 3), broken[3]!.subarray(0, 20)], signer);
      },
    ],
    [
      "that is not UTF-8",
      () => sealFrames([Buffer.from([255, 254, 123, 125]), json({}), json({}), json({})], signer),
    ],
    ["with a list for a header", () => sealFrames([[1], {}, {}, {}].map(json), signer)],
    ["without a type", () => sealFrames([{}, {}, {}, {}].map(json), signer)],
    ["of an unknown type", () => sealFrames(parts("no_such_request", {}), signer)],
    ["whose code is a number", () => sealFrames(parts("execute_request", { code: 5 }), signer)],
    ["without code", () => sealFrames(parts("execute_request", {}), signer)],
    [
      "with a wild cursor",
      () => sealFrames(parts("complete_request", { code: "a.", cursor_pos: 99_999 }), signer),
    ],
    [
      "with a negative cursor",
      () => sealFrames(parts("complete_request", { code: "a.", cursor_pos: -5 }), signer),
    ],
  ])("%s harms nothing", async (_what, frames) => {
    await sockets.shell.send(frames());
    expect(await harmed()).toBe("0");
  });

  test("to shut down, with a wrong signature, is not obeyed", async () => {
    await sockets.control.send(unsigned("0".repeat(64), parts("shutdown_request", {})));
    await kernel.request("control", "kernel_info_request");
    expect(await harmed()).toBe("0");
  });

  test("that is repeated is obeyed once", async () => {
    const frames = sealFrames(parts("execute_request", { code }), signer);
    await sockets.shell.send(frames);
    await sockets.shell.send(frames);
    // Messages of two clients may overtake each other: the second look is behind both.
    await expect.poll(harmed).toBe("1");
    await expect.poll(() => kernel.log).toMatch(/this one came before/);
    expect(await harmed()).toBe("1");
  });
});

test(`${MESSAGES} random messages harm nothing`, { timeout: 120_000 }, async () => {
  await kernel.execute("globalThis.harmed = 0");
  const random = new Chance(SEED);
  for (let n = 0; n < MESSAGES; n++) {
    await sockets[random.of(["shell", "shell", "control", "stdin"] as const)].send(
      randomMessage(random),
    );
  }
  // Interrupts among them may still be on their way, and meet a cell of ours.
  await expect
    .poll(async () => (await kernel.execute("6 * 7")).result, { timeout: 60_000 })
    .toEqual({ "text/plain": "42" });
  await kernel.request("control", "kernel_info_request");
  // An interrupt that finds no cell may say so under the last one.
  const breaches = kernel.problems.splice(0).filter((problem) => problem !== "stream after idle");
  expect(breaches).toEqual([]);
  expect(kernel.process.exitCode).toBeNull();
  expect(kernel.log).not.toMatch(/an error in the kernel itself|TypeError|RangeError/);
});

/** Repeatable chance (mulberry32). */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  of<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.next() * values.length)]!;
  }
}

const TYPES = [
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "kernel_info_request",
  "connect_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "comm_info_request",
  "interrupt_request",
  "debug_request",
  "usage_request",
  "delete_subshell_request",
  "list_subshell_request",
  "input_reply",
  "hasOwnProperty",
  "",
];
const FIELDS =
  "code silent store_history user_expressions allow_stdin stop_on_error cursor_pos detail_level hist_access_type n session start stop pattern unique output raw comm_id target_name data command seq arguments type subshell_id value restart".split(
    " ",
  );
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  -1,
  0,
  1.5,
  1e308,
  "",
  "x",
  "}",
  "Math.",
  "tail",
  "range",
  "search",
  "*[",
  "\u0000",
  "😀",
  "__proto__",
  [],
  [1],
  {},
  { a: "1" },
  { __proto__: 1, constructor: { prototype: 1 } },
  "setBreakpoints",
  "stackTrace",
  "variables",
  "x".repeat(5000),
];

function randomMessage(random: Chance): Uint8Array[] {
  const content: Record<string, unknown> = {};
  for (const field of FIELDS) if (random.next() < 0.4) content[field] = random.of(VALUES);
  const type = random.of(TYPES);
  const extra = random.next() < 0.2 ? { subshell_id: random.of(VALUES) } : {};
  const odd =
    random.next() < 0.1 ? { [random.of(["msg_id", "session", "date"])]: random.of(VALUES) } : {};
  const frames = [{ ...header(type), ...extra, ...odd }, {}, {}, content].map(json);
  if (random.next() < 0.1) frames[Math.floor(random.next() * 4)] = json(random.of(VALUES));
  if (random.next() < 0.2) frames.push(Buffer.from("buffer"));
  const sealed = sealFrames(frames, signer);
  if (random.next() < 0.1) sealed.splice(Math.floor(random.next() * sealed.length), 1);
  const at = Math.floor(random.next() * sealed.length);
  const hit = Buffer.from(sealed[at] ?? []);
  if (random.next() < 0.1 && hit.length > 0) {
    hit[0] = (hit[0] ?? 0) ^ 1;
    sealed[at] = hit;
  }
  return sealed;
}
