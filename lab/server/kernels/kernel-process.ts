// The process of a kernel: started in a group of its own, so that nothing it started outlives it.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { HttpError } from "../errors.ts";
import type { NamedSpec } from "./kernel-spec.ts";

const LAST_WORDS = 4_000;
const SECRET_NAMES = ["GRADLAB_TOKEN", "JUPYTER_TOKEN", "JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN"];

/** What a kernel is started with. */
export interface LaunchOptions {
  readonly kernel: NamedSpec;
  readonly connectionFile: string;
  readonly cwd: string;
  /** Variables that the kernel gets besides those of the server and of its kernelspec. */
  readonly env: Readonly<Record<string, string>>;
  /** The server's token, which the kernel must not see. */
  readonly token: string;
}

/** A kernel's process that runs or has run. */
export class KernelProcess {
  /** Resolves with a short description once the process has ended. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  #lastWords = "";
  #hasExited = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    const listen = (chunk: Buffer): void => {
      this.#lastWords = (this.#lastWords + chunk.toString("utf8")).slice(-LAST_WORDS);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        // What the kernel itself started must not outlive it.
        this.signal("SIGKILL");
        this.#hasExited = true;
        resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
      });
    });
  }

  /**
   * Starts the program of a kernelspec.
   *
   * @throws {HttpError} 500 when the program cannot be started
   */
  static async launch(options: LaunchOptions): Promise<KernelProcess> {
    const { kernel, connectionFile, cwd } = options;
    const fill = (text: string): string =>
      text
        .replaceAll("{connection_file}", connectionFile)
        .replaceAll("{resource_dir}", kernel.folder ?? "");
    const [program = "", ...rest] = kernel.spec.argv.map(fill);
    const child = spawn(program, rest, {
      cwd,
      env: kernelEnvironment(options),
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const launched = new KernelProcess(child);
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => {
        const message = `The kernel "${kernel.name}" must start with the program ${program}, which cannot be started (${error.message}). Install it, or choose another kernel.`;
        reject(new HttpError(500, message, { cause: error }));
      });
    });
    child.on("error", () => undefined);
    return launched;
  }

  /** The end of what the process wrote to its own output: why it died, if it said so. */
  get lastWords(): string {
    return this.#lastWords.trim();
  }

  /** Sends a signal to the process and everything it started. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    // The number of a process that has ended may soon belong to another one.
    if (pid === undefined || this.#hasExited) return;
    if (process.platform === "win32") {
      if (name !== "SIGINT") {
        spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
      }
      return;
    }
    try {
      process.kill(-pid, name);
    } catch {
      // The whole group has already ended.
    }
  }
}

function kernelEnvironment(options: LaunchOptions): NodeJS.ProcessEnv {
  const { kernel, env, token } = options;
  const expand = (value: string): string =>
    value.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => process.env[name] ?? "");
  const fromSpec = Object.entries(kernel.spec.env).map(([name, value]) => [name, expand(value)]);
  const all: Record<string, string | undefined> = {
    ...process.env,
    ...Object.fromEntries(fromSpec),
    ...env,
    JPY_PARENT_PID: String(process.pid),
  };
  const isSecret = (name: string, value: string | undefined): boolean =>
    SECRET_NAMES.includes(name) || value === token;
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => !isSecret(name, value)));
}
