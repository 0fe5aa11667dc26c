// A graph that fails: ONNX Runtime names the node, and the node's label tells the line of the user's code.
import type { CallSite } from "../backends/onnx/call-sites.ts";
import { failureReason } from "../backends/onnx/failure-reason.ts";
import { BackendError, GradlabError } from "../errors.ts";

/** The node at fault is named last: those before it are the scans around it. */
const LABEL = /Name:'[^']*@(\d+)_\d+'/g;

/**
 * What to tell of an error of ONNX Runtime: op and line, why it failed, and how to see more.
 *
 * @param sites - where the ops of the step were called
 */
export function explainFailure(error: unknown, sites: readonly CallSite[]): unknown {
  if (!(error instanceof Error) || error instanceof GradlabError) return error;
  const [, number] = [...error.message.matchAll(LABEL)].at(-1) ?? [];
  const site = number === undefined ? undefined : sites[Number(number)];
  const what = site
    ? `${site.text} must be something that a graph can compute`
    : "the graph must run";
  const reason = failureReason(error);
  return new BackendError(
    `compile: ${what}, but ONNX Runtime says: ${reason}. The state is as it was before. ${fixFor(reason)}`,
    { cause: error },
  );
}

function fixFor(reason: string): string {
  const isIndex = reason.includes("out of data bounds") || reason.includes("out of bounds");
  return isIndex
    ? "Check that labels and indices start at 0, and that there are as many rows or classes as they need."
    : "Look at the numbers of this batch: the same step without compile checks them.";
}
