// Opening an ONNX file, and saying what is wrong with one that cannot be opened.
import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { failureReason } from "../../backends/onnx/failure-reason.ts";
import { requireOnnxRuntime } from "../../backends/onnx/runtime.ts";
import { kindOf } from "../../check.ts";
import { ArgumentError, BackendError, GradlabError } from "../../errors.ts";
import { fileError } from "../file-error.ts";
import { checkOnnxFile } from "./file-check.ts";
import { OnnxModel } from "./onnx-model.ts";

/**
 * Opens an ONNX file to run it here: one that `saveOnnx` wrote, or any other one that ONNX Runtime can run.
 *
 * @param path - of the file; numbers that it keeps in files of their own are found beside it
 * @throws {DataError} when the file is missing, cut off, or not an ONNX file
 * @throws {BackendError} when ONNX Runtime does not know an operator of it, or does not load
 * @throws {DTypeError} when an input or output has an element type that tensors lack
 */
export async function loadOnnx(path: string): Promise<OnnxModel> {
  if (typeof path !== "string") {
    throw new ArgumentError(
      `loadOnnx: expects the path of a file, got ${kindOf(path)}. Pass a string such as "digits.onnx"; for bytes, fromOnnx(bytes).`,
    );
  }
  const file = await stat(path).catch((cause: unknown) => {
    throw fileError(`loadOnnx: expected to read ${path}`, cause);
  });
  if (file.isDirectory()) {
    throw new ArgumentError(`loadOnnx: expects a file, got the folder ${path}. Name a file in it.`);
  }
  try {
    return open(resolve(path), basename(path));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    // What is wrong with the bytes is seen when they are read; a good file is not read twice.
    checkOnnxFile(path, await readFile(path));
    throw error;
  }
}

/**
 * The same for the bytes of a file, as `toOnnx` gives them.
 *
 * @throws {DataError} when the bytes are cut off or no ONNX file
 * @throws {BackendError} when ONNX Runtime does not know an operator of it, or does not load
 * @throws {DTypeError} when an input or output has an element type that tensors lack
 */
export function fromOnnx(bytes: Uint8Array): OnnxModel {
  if (!(bytes instanceof Uint8Array)) {
    throw new ArgumentError(
      `fromOnnx: expects the bytes of a file as a Uint8Array, got ${kindOf(bytes)}. For a path use await loadOnnx(path).`,
    );
  }
  checkOnnxFile("the model", bytes);
  return open(bytes, "the model");
}

function open(model: Uint8Array | string, name: string): OnnxModel {
  const instead = "load the file where ONNX Runtime is";
  const { version, session } = requireOnnxRuntime({ name: "loadOnnx", instead });
  const options = { threads: availableParallelism(), takesTurns: true };
  try {
    return new OnnxModel(session(model, options), name);
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof GradlabError) throw cause;
    throw new BackendError(
      `loadOnnx: ${name} must be a model that ONNX Runtime ${version} can run, but: ${failureReason(cause)}. ` +
        "Export it again with operators of ONNX alone, and with the operator set that is named here or an earlier one.",
      { cause },
    );
  }
}
