// Entry of Node's loader thread, on Node versions without `module.registerHooks`.
import { createAsyncHooks, type ResolveContext } from "./module-hooks.ts";
import type { ModuleFolders, Resolved } from "./module-resolution.ts";

let hooks: ReturnType<typeof createAsyncHooks> | undefined;

/** Called by Node with what `register` was given. */
export function initialize(folders: ModuleFolders): void {
  hooks = createAsyncHooks(folders);
}

/** Node's resolve hook. */
export function resolve(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Promise<Resolved>,
): Promise<Resolved> {
  return hooks ? hooks.resolve(specifier, context, next) : next(specifier, context);
}

/** Node's load hook. */
export function load(
  url: string,
  context: object,
  next: (url: string, context: object) => unknown,
): unknown {
  return hooks ? hooks.load(url, context, next) : next(url, context);
}
