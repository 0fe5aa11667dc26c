// Whether the types of cells can be checked: the language server is really started and shown a mistake.
import { tmpdir } from "node:os";
import { findServer, type ServerCommand } from "../../kernel/language/server-program.ts";
import { findInstallation } from "../../lab/server/installation.ts";
import { ok, type DoctorCheck } from "./check.ts";

const MISTAKE = 'const sum: number = "1 + 1";';
const FIX = "run npm ci again in gradlab's folder, without --omit=optional";

/** How the check is made. */
export interface TypesCheckOptions {
  readonly limitMs?: number;
  readonly find?: () => ServerCommand;
}

/** Starts a language server; without one the kernel works, and checks nothing. */
export async function checkTypes(options: TypesCheckOptions = {}): Promise<DoctorCheck> {
  const { limitMs = 20_000, find = () => findServer(process.env["GRADLAB_TSC"]) } = options;
  const started = performance.now();
  const { LanguageService } = await import("../../kernel/language/language-service.ts");
  const language = new LanguageService({
    folder: tmpdir(),
    moduleFolders: [findInstallation()],
    findServer: find,
  });
  try {
    if (!(await language.whenReady(limitMs))) {
      const limit = `the language server did not start within ${limitMs / 1000} s`;
      return unchecked(language.problem?.message ?? limit);
    }
    const { diagnostics } = await language.check(MISTAKE);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (diagnostics.some(({ code }) => code === "TS2322")) {
      return ok("types", `the language server finds a mistake, in ${seconds} s`);
    }
    return unchecked("the language server found no mistake where there is one");
  } finally {
    language.close();
  }
}

function unchecked(problem: string): DoctorCheck {
  const detail = `cells run unchecked: ${problem.split(". ", 1)[0]}`;
  return { name: "types", state: "warning", detail, fix: FIX };
}
