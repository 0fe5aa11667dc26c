// What completion and inspection may ask of the running kernel.
import { ExportIndex } from "../assist/export-index.ts";
import type { AssistSources } from "../assist/language.ts";
import { COMMAND_DESCRIPTIONS } from "../commands/descriptions.ts";
import type { KernelContext } from "./handler.ts";

const indexes = new WeakMap<object, ExportIndex>();

/** The sources of one kernel. */
export function assistSources({ language, session }: KernelContext): AssistSources {
  const exports = indexes.get(language) ?? new ExportIndex();
  indexes.set(language, exports);
  return { language, live: session, commands: COMMAND_DESCRIPTIONS, exports };
}
