// Which progress is drawn when nobody chose one.
import { notebookKernel } from "../notebook.ts";
import { notebookProgress } from "./progress-notebook.ts";
import { type ProgressReporter, terminalLine, textProgress } from "./progress.ts";

/** Live curves in a notebook, a bar on a terminal, nothing where output goes to a file. */
export function defaultProgress(): ProgressReporter {
  const kernel = notebookKernel();
  if (kernel !== undefined) return notebookProgress(kernel);
  return process.stderr.isTTY ? textProgress(terminalLine(process.stderr)) : {};
}
