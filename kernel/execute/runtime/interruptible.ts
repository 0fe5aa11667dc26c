// Whether code may be ended in the middle: packages may not, unless their package.json says so.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGE_FOLDER = /^(file:.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const known = new Map<string, boolean>();

/**
 * The kernel's own scripts, which are never what the user wants to stop. V8 itself calls some of them, for the stack of
 * an error that ends a cell, and aborts the process when they are ended there.
 */
const KERNEL_FOLDER = new URL("../..", import.meta.url).href;
/** On the stack while Node loads a module of its own, which would stay half loaded for ever. */
const NODE_LOADER = "node:internal/bootstrap/realm";

/**
 * Whether a stack may be ended: there is code of the user on it, and none of its scripts belongs to a package
 * that does not allow it. Such a package may have native code below it that would take the process with it.
 *
 * @param urls - scripts on the stack
 */
export function isInterruptible(urls: readonly string[]): boolean {
  if (endsSoon(urls)) return false;
  return urls.every((url) => {
    const folder = PACKAGE_FOLDER.exec(url.replace(/^\//, "file:///"))?.[1];
    return folder === undefined || packageAllows(folder);
  });
}

/** Whether what is on top of a stack will soon be at its end by itself: it is not the user's code. */
export function endsSoon(urls: readonly string[]): boolean {
  if (urls.includes(NODE_LOADER)) return true;
  return urls.every((url) => url.startsWith("node:") || url.startsWith(KERNEL_FOLDER));
}

function packageAllows(folder: string): boolean {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const answer = readAllowance(folder);
  known.set(folder, answer);
  return answer;
}

/** Reads `"jupyter": {"interruptible": true}`. */
function readAllowance(folder: string): boolean {
  try {
    const text = readFileSync(fileURLToPath(`${folder}/package.json`), "utf8");
    const { jupyter } = JSON.parse(text) as { jupyter?: { interruptible?: boolean } };
    return jupyter?.interruptible === true;
  } catch {
    return false;
  }
}
