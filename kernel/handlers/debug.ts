// debug_request: the debug adapter protocol, inside Jupyter messages.
import type { Handler } from "./handler.ts";

/** Answers `debug_request`. */
export const debug: Handler = async ({ content, header }, { debugAdapter }) => ({
  ...(await debugAdapter.handle(content, header)),
});
