// Whose code the inspector has interrupted to run an expression.

/** Where the inspector's expression came in: the user's code, nobody's, or code that must not be disturbed. */
export type InterruptedPlace = "user" | "free" | "not-here";

/**
 * The place that `expression` has interrupted. Called by a function that the expression calls.
 *
 * @param ownFolder - address of the folder with scripts of the kernel
 */
export function interruptedPlace(ownFolder: string): InterruptedPlace {
  const files = callSites().map((site) => site.getFileName() ?? "");
  // This function, its caller and the expression come first.
  const below = files.slice(files.findIndex((name) => !name.startsWith(ownFolder)) + 1);
  if (below.length === 0) return "free";
  const top = below.find((name) => name !== "") ?? "";
  return top.startsWith("node:") || top.startsWith(ownFolder) ? "not-here" : "user";
}

function callSites(): NodeJS.CallSite[] {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: NodeJS.CallSite[] } = {};
  try {
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.captureStackTrace(holder, callSites);
    return holder.stack ?? [];
  } finally {
    if (before) Object.defineProperty(Error, "prepareStackTrace", before);
    else delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
  }
}
