// A kernelspec as it is found on disk, where anyone may have written it.
import type { KernelSpec } from "../../../kernel/protocol/kernel-spec.ts";
import { isObject } from "../http/read-body.ts";

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
