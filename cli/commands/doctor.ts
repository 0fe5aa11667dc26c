// `gradlab doctor`: what works on this machine, what does not, and the one line that fixes it.
import { tmpdir } from "node:os";
import { Command } from "commander";
import { EXIT } from "../exit-codes.ts";

/** One finding of the doctor. */
export interface DoctorCheck {
  readonly name: string;
  readonly state: "ok" | "warning" | "missing";
  readonly detail: string;
  /** The one line that repairs it; empty when nothing is wrong. */
  readonly fix: string;
}

/** The packages without which the kernel, the runner or the library cannot work. */
const REQUIRED_PACKAGES = ["zeromq", "oxc-transform", "oxc-parser", "ws"] as const;

/** Builds the `doctor` command. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check this machine: what works, what does not, and how to fix it")
    .option("--json", "print one JSON object: {checks: [{name, state, detail, fix}]}")
    .action(async (options: { json?: boolean }) => {
      const checks = await runChecks();
      console.log(options.json ? JSON.stringify({ checks }) : formatChecks(checks));
      if (checks.some((check) => check.state === "missing")) process.exitCode = EXIT.machineLacks;
    });
}

/** Runs every check; none of them throws. */
export async function runChecks(): Promise<DoctorCheck[]> {
  const packages = await Promise.all(REQUIRED_PACKAGES.map(checkPackage));
  return [checkNode(process.versions.node), ...packages, await checkKernel()];
}

/** @param version - as in `process.versions.node`, for example "20.19.0" */
export function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    const fix = "install Node 24 from https://nodejs.org";
    return { name: "node", state: "missing", detail: `Node ${version}, needs 20.19`, fix };
  }
  const slow = major < 24;
  return {
    name: "node",
    state: "ok",
    detail: slow
      ? `Node ${version}; loops at the top of a cell run faster on 24`
      : `Node ${version}`,
    fix: "",
  };
}

async function checkPackage(name: string): Promise<DoctorCheck> {
  try {
    await import(name);
    return { name, state: "ok", detail: "loads", fix: "" };
  } catch (error) {
    const detail = `does not load: ${error instanceof Error ? error.message : String(error)}`;
    return { name, state: "missing", detail, fix: "run npm ci again in gradlab's folder" };
  }
}

/** Runs a cell in a runtime process, as the kernel does. */
async function checkKernel(): Promise<DoctorCheck> {
  const name = "kernel";
  const fix = "run npm ci again in gradlab's folder; if that changes nothing, install Node 24";
  try {
    // Loaded here: a package that is damaged must not keep the doctor from speaking.
    const { Session } = await import("../../kernel/execute/session.ts");
    const session = new Session({ folder: tmpdir(), moduleFolders: [], ownFolders: {} });
    try {
      let shown: unknown;
      const failure = await session.run({
        code: "const sum: number = 1 + 1; sum",
        number: 1,
        name: "cell-1.ts",
        onOutput: (output) => {
          if (output.type === "result") shown = output.bundle["text/plain"];
        },
      });
      if (shown === "2") return { name, state: "ok", detail: "runs a cell", fix: "" };
      const detail = `does not run a cell: ${failure?.evalue ?? `1 + 1 gave ${String(shown)}`}`;
      return { name, state: "missing", detail, fix };
    } finally {
      session.close();
    }
  } catch (error) {
    const detail = `does not start: ${error instanceof Error ? error.message : String(error)}`;
    return { name, state: "missing", detail, fix };
  }
}

function formatChecks(checks: readonly DoctorCheck[]): string {
  const marks = { ok: "ok     ", warning: "warning", missing: "MISSING" } as const;
  return checks
    .flatMap((check) => [
      `${marks[check.state]} ${check.name.padEnd(16)} ${check.detail}`,
      ...(check.fix ? [`        fix: ${check.fix}`] : []),
    ])
    .join("\n");
}
