// A runtime process without a kernel before it: messages reach it in the very order and moment that a test wants.
import { tmpdir } from "node:os";
import { gateCall } from "../../kernel/compile/cell-runtime.ts";
import type { HostMessage, RuntimeMessage } from "../../kernel/execute/runtime-messages.ts";
import { RuntimeProcess } from "../../kernel/execute/runtime-process.ts";
import type * as Built from "../../kernel/execute/spawn-runtime.ts";

const LIMIT_MS = 10_000;
const built = new URL("../../dist/kernel/execute/spawn-runtime.js", import.meta.url).href;

/** A message of the runtime of one type. */
type MessageOf<Type extends RuntimeMessage["type"]> = Extract<RuntimeMessage, { type: Type }>;

class NotSeen extends Error {
  override readonly name = "NotSeen";
}

/** Runs cells of plain JavaScript. */
export class BareRuntime {
  readonly #seen: RuntimeMessage[] = [];
  readonly #watchers = new Set<() => void>();
  #process: RuntimeProcess | undefined;
  #text = "";
  #lastCell = 0;

  /** Starts a process and waits until it takes cells. */
  static async start(): Promise<BareRuntime> {
    const { spawnRuntime } = (await import(built)) as typeof Built;
    const runtime = new BareRuntime();
    const child = spawnRuntime({ folder: tmpdir(), moduleFolders: [] });
    runtime.#process = new RuntimeProcess(child, {
      onMessage: (message) => runtime.#look(() => runtime.#seen.push(message)),
      onRawText: (_name, text) => runtime.#look(() => (runtime.#text += text)),
      onExit: () => undefined,
    });
    await runtime.until("ready", () => true);
    return runtime;
  }

  /** Sends a message; several of the same turn arrive together. */
  send(message: HostMessage): void {
    this.#process?.send(message);
  }

  /** Starts a cell. @returns its number */
  execute(code: string): number {
    const cell = ++this.#lastCell;
    const javascript = `"use strict";${gateCall(cell)}${code}`;
    const name = `cell-${cell}.ts`;
    this.send({ type: "execute", cell, javascript, name, places: new Int32Array(), forgotten: [] });
    return cell;
  }

  /** Resolves when `cell` has ended. @returns the name of the error that ended it */
  async ending(cell: number): Promise<string | undefined> {
    const done = await this.until("done", (message) => message.cell === cell);
    return done.thrown?.name;
  }

  /** Resolves with the first message of a type that is `wanted`. */
  until<Type extends RuntimeMessage["type"]>(
    type: Type,
    wanted: (message: MessageOf<Type>) => boolean,
  ): Promise<MessageOf<Type>> {
    const isIt = (one: RuntimeMessage): one is MessageOf<Type> =>
      one.type === type && wanted(one as MessageOf<Type>);
    return this.#wait(type, () => this.#seen.find(isIt));
  }

  /** Resolves when code has written `text` around `console`; forgets what has been written. */
  async untilText(text: string): Promise<void> {
    await this.#wait(text, () => this.#text.includes(text) || undefined);
    this.#text = "";
  }

  /** Ends the process. */
  stop(): void {
    this.#process?.kill();
  }

  #look(change: () => void): void {
    change();
    for (const watcher of this.#watchers) watcher();
  }

  #wait<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#watchers.delete(watcher);
        reject(new NotSeen(`"${what}" did not come within ${LIMIT_MS} ms`));
      }, LIMIT_MS);
      const watcher = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(limit);
        this.#watchers.delete(watcher);
        resolve(found);
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }
}
