// Node's loader hooks, in both forms: on this thread where Node has them, on Node's loader thread elsewhere.
import {
  candidatesFor,
  isNotFound,
  packageNotFound,
  versioned,
  type Candidate,
  type ImportRequest,
  type ModuleFolders,
  type Resolved,
} from "./module-resolution.ts";
import { isTypeScript, loadTypeScript } from "./typescript-loader.ts";
import { UserModules } from "./user-modules.ts";

/** What Node tells a resolve hook. */
export interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type NextResolve<Result> = (specifier: string, context: ResolveContext) => Result;
type NextLoad = (url: string, context: object) => unknown;

/** Loader hooks that run on the thread that imports. */
export function createSyncHooks(folders: ModuleFolders): {
  resolve(specifier: string, context: ResolveContext, next: NextResolve<Resolved>): Resolved;
  load(url: string, context: object, next: NextLoad): unknown;
} {
  const modules = new UserModules();
  return {
    resolve(specifier, context, next) {
      const candidates = candidatesFor(
        { specifier, parentUrl: context.parentURL, folders },
        modules,
      );
      if (!candidates) return next(specifier, context);
      let firstError: unknown;
      for (const candidate of candidates) {
        try {
          return finish(next(candidate.specifier, withParent(context, candidate)));
        } catch (error) {
          firstError ??= error;
          if (!isNotFound(error)) throw error;
        }
      }
      throw firstError ?? packageNotFound({ specifier, parentUrl: context.parentURL, folders });

      function finish(found: Resolved): Resolved {
        return mark(found, { specifier, parentUrl: context.parentURL, folders }, modules);
      }
    },
    load: (url, context, next) => (isTypeScript(url) ? loadTypeScript(url) : next(url, context)),
  };
}

/** The same hooks for Node's loader thread. */
export function createAsyncHooks(folders: ModuleFolders): {
  resolve(
    specifier: string,
    context: ResolveContext,
    next: NextResolve<Promise<Resolved>>,
  ): Promise<Resolved>;
  load(url: string, context: object, next: NextLoad): unknown;
} {
  const modules = new UserModules();
  return {
    async resolve(specifier, context, next) {
      const candidates = candidatesFor(
        { specifier, parentUrl: context.parentURL, folders },
        modules,
      );
      if (!candidates) return next(specifier, context);
      let firstError: unknown;
      for (const candidate of candidates) {
        try {
          const found = await next(candidate.specifier, withParent(context, candidate));
          return mark(found, { specifier, parentUrl: context.parentURL, folders }, modules);
        } catch (error) {
          firstError ??= error;
          if (!isNotFound(error)) throw error;
        }
      }
      throw firstError ?? packageNotFound({ specifier, parentUrl: context.parentURL, folders });
    },
    load: (url, context, next) => (isTypeScript(url) ? loadTypeScript(url) : next(url, context)),
  };
}

function withParent(context: ResolveContext, candidate: Candidate): ResolveContext {
  return { ...context, parentURL: candidate.parentUrl };
}

function mark(found: Resolved, request: ImportRequest, modules: UserModules): Resolved {
  const url = versioned(found.url, request, modules);
  return url === found.url ? found : ({ ...found, url, shortCircuit: true } as Resolved);
}
