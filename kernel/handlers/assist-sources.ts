// What completion and inspection may ask of the running kernel.
import type { AssistSources, LanguageQuestions } from "../assist/language.ts";
import { COMMAND_DESCRIPTIONS } from "../commands/descriptions.ts";
import type { KernelContext } from "./handler.ts";

/** A language service that is not there. */
const NO_LANGUAGE: LanguageQuestions = {
  whenReady: async () => false,
  complete: async () => undefined,
  hover: async () => undefined,
  signatureHelp: async () => undefined,
  definition: async () => undefined,
  resolve: async () => undefined,
  cellOf: () => undefined,
  names: [],
};

/** The sources of one kernel. */
export function assistSources({ session }: KernelContext): AssistSources {
  return { language: NO_LANGUAGE, live: session, commands: COMMAND_DESCRIPTIONS };
}
