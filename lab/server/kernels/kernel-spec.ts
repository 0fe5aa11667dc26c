// What a kernelspec says: how to start a kernel, and what it is called.
import { isObject } from "../http/read-body.ts";

/** The content of a `kernel.json`; fields that are not named here are kept and passed on to clients. */
export interface KernelSpec {
  /** The program and its arguments; `{connection_file}` and `{resource_dir}` are filled in. */
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  /** Variables for the kernel; `${NAME}` in a value is replaced by the variable of the server. */
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A kernelspec under its name, with the folder of its logos if it has one. */
export interface NamedSpec {
  readonly name: string;
  readonly folder: string | undefined;
  readonly spec: KernelSpec;
}

/** Reads the value of a `kernel.json`; undefined when it cannot start anything. */
export function readSpec(value: unknown): KernelSpec | undefined {
  if (!isObject(value)) return undefined;
  const { argv, env, metadata } = value;
  const isRunnable =
    Array.isArray(argv) && argv.length > 0 && argv.every((part) => typeof part === "string");
  if (!isRunnable) return undefined;
  return {
    ...value,
    argv,
    display_name: textOr(value["display_name"], "Unnamed kernel"),
    language: textOr(value["language"], ""),
    interrupt_mode: value["interrupt_mode"] === "message" ? "message" : "signal",
    env: isObject(env) ? textValues(env) : {},
    metadata: isObject(metadata) ? metadata : {},
  };
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

function textValues(value: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}
