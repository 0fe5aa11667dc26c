// What ends an ordinary Node process does not end this one: it is reported under the cell that started it.
import type { ThrownValue } from "../../compile/thrown-value.ts";
import { SystemExit } from "./errors.ts";
import type { CellOutput } from "./cell-output.ts";

/** Reports a thrown value that no cell awaits. */
export function reportUncaught(output: CellOutput, cell: number, thrown: ThrownValue): void {
  output.send({ type: "uncaught", cell, thrown });
}

/** Keeps the process alive: uncaught errors are reported, and `process.exit` throws. */
export function keepAlive(
  output: CellOutput,
  owner: (thrown: ThrownValue) => number,
  capture: (thrown: unknown) => ThrownValue,
): void {
  const report = (error: unknown): void => {
    const thrown = capture(error);
    reportUncaught(output, owner(thrown), thrown);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
  // The terminal's Ctrl-C reaches the whole process group; only the host decides what it means.
  process.on("SIGINT", () => undefined);
  const exit = (code?: unknown): never => {
    throw new SystemExit(code);
  };
  process.exit = exit;
  (process as { reallyExit?: (code?: unknown) => never }).reallyExit = exit;
}
