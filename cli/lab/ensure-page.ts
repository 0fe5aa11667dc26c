// Makes sure that the JupyterLab page is built before the lab opens, and shows how far the build is.
import { CommandError, EXIT } from "../exit-codes.ts";
import { canBuildPage, pageFolder, readPage } from "../../lab/ui/build/page-folder.ts";

/** How a page is made sure of. */
export interface EnsurePageOptions {
  /** The folder that gradlab is installed in. */
  readonly installation: string;
  /** Where progress goes; a terminal gets one line that is rewritten. */
  readonly output?: NodeJS.WriteStream;
}

/**
 * Builds the page where its sources are and have changed; an installed gradlab carries it built.
 *
 * @returns the folder of the page
 * @throws {CommandError} when there is neither a page nor its sources, or the build fails
 */
export async function ensurePage({
  installation,
  output = process.stderr,
}: EnsurePageOptions): Promise<string> {
  const folder = pageFolder(installation);
  if (!canBuildPage(installation)) {
    if (readPage(folder)) return folder;
    throw new CommandError(
      `the lab needs the JupyterLab page in ${folder}, but it is not there. Install gradlab again.`,
      EXIT.machineLacks,
    );
  }
  const show = progressLine(output);
  try {
    // Loaded only here: a packed gradlab has no bundler.
    const { buildPage } = await import("../../lab/ui/build/build-page.ts");
    const built = await buildPage({
      project: installation,
      output: folder,
      onProgress: (share, what) => show.update(share, what),
    });
    if (built) show.done("JupyterLab page built; the next start uses it as it is.");
  } catch (error) {
    show.done("");
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(reason, EXIT.machineLacks, { cause: error });
  }
  return folder;
}

interface ProgressLine {
  update(share: number, what: string): void;
  done(text: string): void;
}

const BAR_WIDTH = 24;

function progressLine(output: NodeJS.WriteStream): ProgressLine {
  let last = "";
  const write = (text: string): void => {
    if (text === last) return;
    last = text;
    if (output.isTTY) output.write(`\r\u001b[K${text}`);
    else output.write(`${text}\n`);
  };
  return {
    update(share, what) {
      const filled = Math.round(share * BAR_WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
      if (output.isTTY)
        write(`Building the JupyterLab page (once) ${bar} ${Math.round(share * 100)} % ${what}`);
      else write(`Building the JupyterLab page (once): ${what}`);
    },
    done(text) {
      if (output.isTTY && last !== "") output.write("\r\u001b[K");
      if (text !== "") output.write(`${text}\n`);
    },
  };
}
