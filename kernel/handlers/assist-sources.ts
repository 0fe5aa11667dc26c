// What completion and inspection may ask of the running kernel.
import type { AssistSources } from "../assist/language.ts";
import { COMMAND_DESCRIPTIONS } from "../commands/descriptions.ts";
import type { KernelContext } from "./handler.ts";

/** The sources of one kernel. */
export function assistSources({ language, session }: KernelContext): AssistSources {
  return { language, live: session, commands: COMMAND_DESCRIPTIONS };
}
