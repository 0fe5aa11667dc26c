// %install: packages from npm, put where the notebook finds them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { CellCommand, CommandRuntime } from "./command.ts";
import { runChild } from "./child.ts";

/** npm did not do what was asked for. */
class InstallError extends Error {
  override readonly name = "InstallError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_INSTALL_FAILED";
  }
}

const OPTIONS = ["--here", "--scripts"];

/** npm's patience with a registry that does not answer is minutes; nobody waits so long at a notebook. */
const QUIET = [
  "--no-fund",
  "--no-audit",
  "--no-progress",
  "--color=false",
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=1000",
];

/** `%install`. */
export const install: CellCommand = {
  name: "install",
  summary: "install packages from npm, for import in the next line",
  arguments: "[--here] [--scripts] PACKAGE...",
  forms: ["line"],
  help: `%install lodash           then import it, without a restart; types come along where npm has them
%install d3@7 zod         several, with versions

Packages go to the project that the notebook belongs to: the nearest folder above it with a package.json. Where there
is none, a package.json is made beside the notebook. Install scripts of packages do not run.

--here     puts the packages beside the notebook, whatever is above
--scripts  lets packages run their install scripts`,
  check: checkPackages,
  run: runInstall,
};

function checkPackages(argument: string): string | undefined {
  const words = wordsOf(argument);
  const packages = words.filter((word) => !word.startsWith("-"));
  const unknown = words.find((word) => word.startsWith("-") && !OPTIONS.includes(word));
  if (packages.length > 0 && unknown === undefined) return undefined;
  const got = unknown === undefined ? "no package" : `the option ${unknown}`;
  return `%install takes names of packages, --here and --scripts; got ${got}. Write it as in %install lodash.`;
}

async function runInstall({ argument }: CommandCall, runtime: CommandRuntime): Promise<void> {
  const words = wordsOf(argument);
  const packages = words.filter((word) => !word.startsWith("-"));
  const folder = projectFolder(process.cwd(), words.includes("--here"), runtime);
  const isScripted = words.includes("--scripts");
  await npmInstall({ folder, packages, isScripted }, runtime);
  const untyped = packages.map(nameOf).filter((name) => needsTypes(folder, name));
  if (untyped.length > 0) await installTypes(folder, untyped, runtime);
  runtime.tell({ kind: "installed", folder, packages });
}

const wordsOf = (argument: string): string[] => argument.split(/\s+/).filter((word) => word !== "");

/** Chooses the folder, and says which one and why. */
function projectFolder(start: string, isHere: boolean, runtime: CommandRuntime): string {
  const existing = isHere ? undefined : folderWithPackage(start);
  const folder = existing ?? start;
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    runtime.write(`installing into ${folder} (its package.json is updated)\n`);
  } else {
    writeFileSync(file, `${JSON.stringify({ private: true }, null, 2)}\n`);
    runtime.write(`installing into ${folder} (made a package.json there)\n`);
  }
  return folder;
}

/** The nearest folder with a package.json; the home folder and what is above it are nobody's project. */
function folderWithPackage(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === homedir() || dirname(folder) === folder) return undefined;
    if (dirname(folder) === homedir()) return undefined;
  }
}

interface NpmTask {
  readonly folder: string;
  readonly packages: readonly string[];
  readonly isScripted: boolean;
}

async function npmInstall(task: NpmTask, runtime: CommandRuntime): Promise<void> {
  let said = "";
  const keep = (chunk: Uint8Array, isError: boolean): Uint8Array => {
    if (isError) said += Buffer.from(chunk).toString();
    return chunk;
  };
  const exitCode = await runNpm(task, keep, runtime);
  if (exitCode === 0) return;
  const [what, fix] = explain(said);
  throw new InstallError(
    `%install expects npm to install ${task.packages.join(" ")}; ${what}. ${fix}`,
  );
}

async function runNpm(
  { folder, packages, isScripted }: NpmTask,
  filter: (chunk: Uint8Array, isError: boolean) => Uint8Array | undefined,
  runtime: CommandRuntime,
): Promise<number | null> {
  const npm = findNpm();
  const options = [...QUIET];
  if (!isScripted) options.push("--ignore-scripts");
  try {
    const { exitCode } = await runChild(
      {
        program: npm.program,
        arguments: [...npm.arguments, "install", ...options, "--", ...packages],
        folder,
        environment: { ...process.env, npm_config_update_notifier: "false" },
        filter,
      },
      runtime,
    );
    return exitCode;
  } catch (cause) {
    throw new InstallError(
      `%install expects the program npm; got ${(cause as Error).message}. Install npm, which comes with Node from nodejs.org, and restart the kernel.`,
      { cause },
    );
  }
}

/** npm as it lies beside this Node, else as the PATH names it. */
function findNpm(): { program: string; arguments: string[] } {
  const bin = dirname(process.execPath);
  const onPath = (process.env["PATH"] ?? "").split(delimiter);
  const script = [
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    ...onPath.map((folder) => join(folder, "node_modules", "npm", "bin", "npm-cli.js")),
  ].find((path) => existsSync(path));
  return script === undefined
    ? { program: "npm", arguments: [] }
    : { program: process.execPath, arguments: [script] };
}

/** What went wrong and what helps, from npm's own words. */
function explain(said: string): readonly [what: string, fix: string] {
  const code = /npm (?:ERR!|error) code (\w+)/.exec(said)?.[1] ?? "";
  if (code === "E404") {
    return ["the registry has no package of that name", "Check the spelling on npmjs.com."];
  }
  if (code === "ETARGET") {
    return ["the package has no such version", "Leave the version out to get the newest."];
  }
  if (/^(ENOTFOUND|ECONN\w*|ETIMEDOUT|EAI_AGAIN|ENETUNREACH)$/.test(code)) {
    return ["the registry cannot be reached", "Check the network, and npm's settings for a proxy."];
  }
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
    return ["the folder cannot be written", "Move the notebook to a folder of your own."];
  }
  return [`it failed${code === "" ? "" : ` with ${code}`}`, "npm's own message is above."];
}

/** `lodash` of `lodash@4`, `@scope/name` of `@scope/name@latest`. */
const nameOf = (spec: string): string => /^(?:@[^/@]+\/)?[^/@]+/.exec(spec)?.[0] ?? spec;

interface PackageFile {
  readonly types?: unknown;
  readonly typings?: unknown;
  readonly exports?: unknown;
}

function needsTypes(folder: string, name: string): boolean {
  const root = join(folder, "node_modules", name);
  if (name.startsWith("@types/") || existsSync(join(folder, "node_modules", typesOf(name))))
    return false;
  try {
    const file = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageFile;
    const isTyped = file.types ?? file.typings ?? existsSync(join(root, "index.d.ts"));
    return isTyped === false && !/"types"|\.d\.[cm]?ts/.test(JSON.stringify(file.exports ?? ""));
  } catch {
    return false;
  }
}

/** `@types/name`, with `scope__name` for `@scope/name`. */
const typesOf = (name: string): string => `@types/${name.replace(/^@(.+)\/(.+)$/, "$1__$2")}`;

/** Types are welcome but not needed: that npm has none is no error. */
async function installTypes(
  folder: string,
  names: readonly string[],
  runtime: CommandRuntime,
): Promise<void> {
  for (const name of names) {
    const task = { folder, packages: [typesOf(name)], isScripted: false };
    const exitCode = await runNpm(task, () => undefined, runtime);
    runtime.write(
      exitCode === 0 ? `with its types, ${typesOf(name)}\n` : `${name} comes without types\n`,
    );
  }
}
