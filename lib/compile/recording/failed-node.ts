// A graph that fails: ONNX Runtime names the node, and the node's label tells the line of the user's code.
import type { CallSite } from "../../backends/onnx/call-sites.ts";
import { failureReason } from "../../backends/onnx/failure-reason.ts";
import { ArgumentError, BackendError, GradlabError } from "../../errors.ts";
import type { Tensors } from "../step-types.ts";

/** The node at fault is named last: those before it are the scans around it. */
const LABEL = /Name:'[^']*@(\d+)_\d+'/g;

/**
 * What to tell of an error of ONNX Runtime: op and line, why it failed, and how to see more.
 *
 * @param sites - where the ops of the step were called
 * @param batch - what the step got, where it was one step alone
 */
export function explainFailure(
  error: unknown,
  sites: readonly CallSite[],
  batch: Tensors = {},
): unknown {
  if (!(error instanceof Error) || error instanceof GradlabError) return error;
  const [, number] = [...error.message.matchAll(LABEL)].at(-1) ?? [];
  const site = number === undefined ? undefined : sites[Number(number)];
  const index = wrongIndex(failureReason(error), batch);
  if (index !== undefined) {
    return new ArgumentError(
      `compile: ${site?.text ?? "a choice of rows"}: ${index}. The state is as it was before. ` +
        "Check that labels start at 0 and that there are as many rows or classes as they need.",
      { cause: error },
    );
  }
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

/** What ONNX Runtime says of an index beyond a table; the graph has made negative ones as large as the table. */
const OUT_OF_RANGE = /\bidx=(\d+) must be within the inclusive range \[-(\d+),/;

// The index as it is in the batch, where just one tensor of it can have been the one.
function wrongIndex(reason: string, batch: Tensors): string | undefined {
  const [, told, length] = OUT_OF_RANGE.exec(reason) ?? [];
  if (told === undefined) return undefined;
  const [idx, rows] = [Number(told), Number(length)];
  const isTold = (value: number): boolean => value === idx || (idx === rows && value < 0);
  const found = Object.entries(batch).flatMap(([name, tensor]) => {
    if (tensor.dtype !== "int32") return [];
    const numbers = tensor.toTypedArray();
    const position = numbers.findIndex(isTold);
    return position < 0 ? [] : [{ name, value: numbers[position], position }];
  });
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) return undefined;
  const { name, value, position } = first;
  return `every index must be from 0 to ${rows - 1}, got ${value} at position ${position} of ${name}`;
}
