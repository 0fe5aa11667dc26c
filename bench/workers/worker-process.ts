// A system under measurement: a long-lived process that answers one JSON line for each request line.
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How to start a system. */
export interface WorkerCommand {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A system that stopped answering, or answered with an error. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly code = "GRADLAB_BENCH_WORKER";
}

/** A running system. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #name: string;

  constructor(name: string, { program, parameters, environment = {} }: WorkerCommand) {
    this.#name = name;
    this.#child = spawn(program, parameters, {
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    // A program that cannot start ends its output, which the next question reports.
    this.#child.on("error", () => {});
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws {WorkerError} when the process has ended or says that it failed */
  async ask<Answer>(request: object): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const line = await this.#answers.next();
    if (line.done === true) {
      throw new WorkerError(
        `${this.#name}: expected an answer to ${JSON.stringify(request)}; the process ended. Run its program by hand to see why.`,
      );
    }
    const answer = JSON.parse(line.value) as Answer & { readonly error?: string };
    if (answer.error === undefined) return answer;
    throw new WorkerError(
      `${this.#name}: expected an answer to ${JSON.stringify(request)}; it failed with ${answer.error}. Run its program by hand to see more.`,
    );
  }

  /** Ends the process. */
  stop(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }
}
