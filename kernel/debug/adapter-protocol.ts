// The parts of the debug adapter protocol that this kernel speaks.

/** A request of a front end. */
export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The answer to a request. */
export interface DebugResponse {
  readonly type: "response";
  readonly seq: number;
  readonly request_seq: number;
  readonly command: string;
  readonly success: boolean;
  /** Why the request failed. */
  readonly message?: string;
  readonly body: object;
}

/** What happens in the program that is debugged. */
export interface DebugEvent {
  readonly type: "event";
  readonly seq: number;
  readonly event: string;
  readonly body: object;
}

/** One call on the stack of a stopped program. */
export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly source: { readonly name: string; readonly path: string };
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A group of variables. */
export interface Scope {
  readonly name: string;
  readonly presentationHint?: string;
  readonly variablesReference: number;
  readonly expensive: boolean;
}

/** One value with its name. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  /** An expression that gives the value. */
  readonly evaluateName?: string;
  /** For `variables`; 0 when there is nothing inside. */
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}

/** The one thread that runs user code. */
export const MAIN_THREAD = { id: 1, name: "main" } as const;

/** What this kernel can do, as told by `initialize`. */
export const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsCompletionsRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: true,
  exceptionBreakpointFilters: [
    { filter: "uncaught", label: "Uncaught errors", default: false },
    { filter: "all", label: "All errors, also those that are caught", default: false },
  ],
} as const;

/** What requests that cannot be served are answered with: lists that a front end goes through. */
export const EMPTY_BODIES: Readonly<Record<string, object>> = {
  stackTrace: { stackFrames: [] },
  scopes: { scopes: [] },
  variables: { variables: [] },
  inspectVariables: { variables: [] },
  setBreakpoints: { breakpoints: [] },
  richInspectVariables: { data: {}, metadata: {} },
  modules: { modules: [] },
};

/** What may be asked while nobody is attached. */
export const WITHOUT_ATTACHING: ReadonlySet<string> = new Set([
  "initialize",
  "attach",
  "debugInfo",
  "dumpCell",
  "source",
  "inspectVariables",
  "richInspectVariables",
  "variables",
  "evaluate",
  "modules",
  "loadedSources",
  "threads",
  "disconnect",
]);

/** Reads the content of a `debug_request`. */
export function readDebugRequest(content: Readonly<Record<string, unknown>>): DebugRequest {
  const { seq, command, arguments: given } = content;
  return {
    seq: typeof seq === "number" ? seq : 0,
    command: typeof command === "string" ? command : "",
    arguments: typeof given === "object" && given !== null ? (given as Given) : {},
  };
}

type Given = Readonly<Record<string, unknown>>;
