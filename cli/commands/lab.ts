// `gradlab lab`: the embedded JupyterLab on a folder.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ServerStartError } from "../../lab/server/errors.ts";
import { startServer, type RunningServer } from "../../lab/server/start-server.ts";
import { findInstallation } from "../../lab/server/installation.ts";
import { ensurePage } from "../lab/ensure-page.ts";
import { openBrowser } from "../lab/open-browser.ts";
import { explainStart } from "../run/local-server.ts";

interface LabOptions {
  readonly port?: number;
  readonly browser: boolean;
  readonly token?: string;
  readonly memory?: number;
}

/** The port that is tried first when none is asked for, as JupyterLab does. */
const USUAL_PORT = 8888;
/** The file that a course opens on. */
const FIRST_FILE = "00-welcome.ipynb";

/** Builds the `lab` command. */
export function labCommand(): Command {
  return new Command("lab")
    .description("open JupyterLab on a folder, at an address of this machine with a token")
    .argument("[folder]", "the folder whose notebooks are shown", ".")
    .option(
      "--port <number>",
      "port on 127.0.0.1 (default: 8888, or any free one when that is taken)",
      wholeNumber,
    )
    .option("--no-browser", "print the address and open no browser")
    .option("--token <text>", "the secret of the address (default: a new one each time)")
    .option("--memory <MiB>", "limit of the JavaScript heap of each notebook", mebibytes)
    .action(async (folder: string, options: LabOptions) => {
      const pageFolder = await ensurePage({ installation: findInstallation() });
      const server = await start(resolve(folder), pageFolder, options);
      announce(server, resolve(folder));
      const opening = server.openingUrl(firstPath(resolve(folder)));
      if (options.browser && !(await openBrowser(opening))) {
        console.error("No browser could be opened from here: open the address above by hand.");
      }
      await untilStopped(server);
    });
}

async function start(
  root: string,
  pageFolder: string,
  options: LabOptions,
): Promise<RunningServer> {
  const common = {
    root,
    pageFolder,
    isExclusive: true,
    ...(options.token !== undefined && { token: options.token }),
    ...(options.memory !== undefined && { kernelEnv: { GRADLAB_MEMORY: String(options.memory) } }),
    log: (line: string) => console.error(line),
  };
  try {
    if (options.port !== undefined) return await startServer({ ...common, port: options.port });
    return await startServer({ ...common, port: USUAL_PORT }).catch((error: unknown) => {
      if (error instanceof ServerStartError && error.code === "LAB_PORT_TAKEN")
        return startServer(common);
      throw error;
    });
  } catch (error) {
    throw explainStart(error);
  }
}

function announce({ url, token }: RunningServer, root: string): void {
  const address = `${url}${firstPath(root)}?token=${token}`;
  console.log(`\ngradlab shows ${root} at\n\n    ${address}\n`);
  console.error("Stop it with Ctrl+C; saved notebooks stay, running kernels end.");
}

function firstPath(root: string): string {
  return existsSync(join(root, FIRST_FILE)) ? `lab/tree/${FIRST_FILE}` : "lab";
}

async function untilStopped(server: RunningServer): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((stop) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, stop);
  });
  console.error(`\nStopping (${signal})...`);
  await server.close();
}

function mebibytes(text: string): number {
  const value = wholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError(`It must be at least 1, got "${text}". For 8 GiB use 8192.`);
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number, got "${text}".`);
}
