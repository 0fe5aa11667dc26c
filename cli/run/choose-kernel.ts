// Which kernel runs a notebook: the one it names, or ours when it names none.
import type { Notebook } from "../../nbformat/types.ts";
import { CommandError, EXIT } from "../exit-codes.ts";

/** The kernels a server offers. */
export interface OfferedKernels {
  readonly defaultName: string;
  /** Display names by kernel name. */
  readonly names: ReadonlyMap<string, string>;
}

/** The kernel for a notebook that names none. */
const OUR_KERNEL = "gradlab";

/**
 * @param wanted - the name given on the command line, which wins over the notebook
 * @throws {CommandError} with exit code 3 when the kernel is not installed on the server
 */
export function chooseKernel(
  notebook: Notebook,
  offered: OfferedKernels,
  { wanted, path }: { wanted?: string | undefined; path: string },
): string {
  const spec = notebook.metadata.kernelspec;
  const fallback = offered.names.has(OUR_KERNEL) ? OUR_KERNEL : offered.defaultName;
  const name = wanted ?? spec?.name ?? fallback;
  if (offered.names.has(name)) return name;
  const title = wanted === undefined && spec !== undefined ? ` (${spec.display_name})` : "";
  const installed = [...offered.names.keys()].sort().join(", ") || "none";
  throw new CommandError(
    `${path}: wants the kernel "${name}"${title}, which is not installed; installed: ${installed}. ` +
      `Install that kernel, or choose another one with --kernel NAME.`,
    EXIT.machineLacks,
  );
}
