// All kernels of one server: starts them from their specs, finds them by id, and ends them with the server.
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { KERNEL_NAME } from "../../../kernel/protocol/kernel-spec.ts";
import type { KernelSpec } from "../../../kernel/protocol/kernel-spec.ts";
import { HttpError } from "../errors.ts";
import { findSpecs } from "./find-specs.ts";
import { Kernel } from "./kernel.ts";
import type { NamedSpec } from "./kernel-spec.ts";
import { makePrivateFolder } from "./private-folder.ts";

/** What the kernels of a server share. */
export interface KernelManagerOptions {
  readonly specs: Readonly<Record<string, KernelSpec>>;
  readonly defaultKernel: string | undefined;
  /** Variables that every kernel gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  readonly log: (line: string) => void;
}

/** Starts, finds and ends kernels. */
export class KernelManager {
  readonly defaultKernel: string;
  readonly #options: KernelManagerOptions;
  readonly #folder: string;
  readonly #kernels = new Map<string, Kernel>();
  readonly #onProcessExit = (): void => this.#killAll();
  #isClosed = false;

  private constructor(options: KernelManagerOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.defaultKernel = options.defaultKernel ?? KERNEL_NAME;
    process.once("exit", this.#onProcessExit);
  }

  /** Makes a manager with a private folder (0700) for connection files. */
  static async create(options: KernelManagerOptions): Promise<KernelManager> {
    return new KernelManager(options, await makePrivateFolder());
  }

  /** The kernels that can be started. */
  specs(): ReadonlyMap<string, NamedSpec> {
    return findSpecs(this.#options.specs);
  }

  /** The kernels that run. */
  list(): readonly Kernel[] {
    return [...this.#kernels.values()];
  }

  /** @throws {HttpError} 404 when no kernel has this id */
  get(id: string): Kernel {
    const kernel = this.#kernels.get(id);
    if (kernel !== undefined) return kernel;
    throw new HttpError(404, `Kernel does not exist: ${id}. It was shut down; start a new one.`);
  }

  /**
   * Starts a kernel.
   *
   * @param name - of a kernelspec; undefined for the default
   * @param cwd - folder that the kernel runs in
   * @param sessionName - path of the notebook, told to the kernel
   * @throws {HttpError} 400 for an unknown name, 500 when the program cannot be started
   */
  async start(name: string | undefined, cwd: string, sessionName?: string): Promise<Kernel> {
    const wanted = name ?? this.defaultKernel;
    const known = this.specs();
    const kernelSpec = known.get(wanted);
    if (kernelSpec === undefined) {
      const names = [...known.keys()].join(", ");
      throw new HttpError(400, `No such kernel: "${wanted}". Choose one of: ${names}.`);
    }
    if (this.#isClosed) throw new HttpError(503, "The server is shutting down. Start it again.");
    const { env, token, log } = this.#options;
    const kernel = await Kernel.start({
      kernel: kernelSpec,
      cwd,
      env: { ...env, ...(sessionName === undefined ? {} : { JPY_SESSION_NAME: sessionName }) },
      token,
      connectionFolder: this.#folder,
      log,
    });
    this.#kernels.set(kernel.id, kernel);
    // The server may have closed while the program was being started.
    if (this.#isClosed) await this.remove(kernel.id);
    return kernel;
  }

  /** Ends a kernel. @throws {HttpError} 404 when no kernel has this id */
  async remove(id: string): Promise<void> {
    const kernel = this.get(id);
    this.#kernels.delete(id);
    await kernel.shutdown();
  }

  /** Ends all kernels and removes what they left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#kernels.keys()].map((id) => this.remove(id)));
    process.removeListener("exit", this.#onProcessExit);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The last resort when the process ends without closing its servers. */
  #killAll(): void {
    for (const kernel of this.#kernels.values()) kernel.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
