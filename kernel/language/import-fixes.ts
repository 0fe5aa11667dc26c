// A name that nobody knows may only lack its import: where Node's modules or packages export it.
import { createRequire } from "node:module";
import type { LspDiagnostic, QuickFix } from "./cell-diagnostics.ts";

/** Modules of Node whose names people use without thinking of the import. */
const NODE_MODULES = [
  "fs fs/promises path os url util crypto assert events child_process perf_hooks readline",
  "stream timers/promises worker_threads zlib http",
].flatMap((line) => line.split(" ").map((name) => `node:${name}`));

const UNKNOWN_NAME = new Set([2304, 2552]);
const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * The import that makes an unknown name known.
 *
 * @param packages - packages in question, with what they export
 */
export async function importFix(
  { code, message }: LspDiagnostic,
  packages: () => Promise<ReadonlyMap<string, ReadonlySet<string>>>,
): Promise<QuickFix | undefined> {
  const name = /^Cannot find name '([\p{ID_Start}$_][\p{ID_Continue}$]*)'/u.exec(message)?.[1];
  if (name === undefined || !UNKNOWN_NAME.has(Number(code))) return undefined;
  const from = nodeModuleOf(name) ?? packageOf(name, await packages());
  if (from === undefined) return undefined;
  const statement = `import { ${name} } from ${JSON.stringify(from)};`;
  return { title: `write ${statement}`, edits: [{ range: TOP, newText: `${statement}\n` }] };
}

function nodeModuleOf(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  return NODE_MODULES.find((from) => Object.hasOwn(require(from) as object, name));
}

function packageOf(
  name: string,
  packages: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  return [...packages].find(([, names]) => names.has(name))?.[0];
}
