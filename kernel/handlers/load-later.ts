// Handlers whose code is large and seldom needed at once: loaded by their first request, so that kernels start sooner.
import type { Handler } from "./handler.ts";

/** A handler that is loaded when it is called for the first time. */
export function loadLater(load: () => Promise<Handler>): Handler {
  let loading: Promise<Handler> | undefined;
  return async (request, kernel) => {
    const handler = await (loading ??= load());
    return handler(request, kernel);
  };
}
