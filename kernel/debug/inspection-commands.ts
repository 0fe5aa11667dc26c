// The requests of the debug adapter protocol that look at values, and one that changes one.
import type { Variable } from "./adapter-protocol.ts";
import type { Inspection } from "./inspection.ts";
import type { DebugArguments } from "./request-arguments.ts";

/** Carries out one kind of request. @returns the body of the answer */
export type Command = (given: DebugArguments) => object | Promise<object>;

/** The requests by name. */
export function inspectionCommands(inspection: Inspection): Readonly<Record<string, Command>> {
  return {
    stackTrace: ({ startFrame, levels }) => {
      const all = inspection.stop?.stackFrames() ?? [];
      const end = levels ? startFrame + levels : undefined;
      return { stackFrames: all.slice(startFrame, end), totalFrames: all.length };
    },
    scopes: async ({ frameId = -1 }) => ({ scopes: await inspection.scopes(frameId) }),
    variables: async ({ variablesReference, query }) => ({
      variables: await inspection.list(variablesReference, query),
    }),
    setVariable: async ({ variablesReference, name, value }) =>
      withoutName(await inspection.assign(variablesReference, name, value)),
    evaluate: async ({ expression, frameId, context }) => {
      const isPure = context === "hover";
      const isConsole = inspection.variables.typeStyle === "jupyterlab" && context === "repl";
      if (isConsole) return inspection.answerConsole(expression, frameId);
      const variable = await inspection.evaluate(expression, { frameId, isPure });
      const { value: result, ...rest } = withoutName(variable);
      return { result, ...rest };
    },
    completions: async ({ text, column, frameId }) => ({
      targets: await inspection.complete(text, { column, frameId }),
    }),
    inspectVariables: async () => ({ variables: await inspection.globals() }),
    richInspectVariables: async ({ variableName, frameId }) => ({
      data: await inspection.mimeBundle(variableName, frameId),
      metadata: {},
    }),
    copyToGlobals: async ({ srcVariableName, dstVariableName, srcFrameId }) => {
      const from = { name: srcVariableName, frameId: srcFrameId };
      await inspection.copyToGlobals(from, dstVariableName);
      return {};
    },
  };
}

function withoutName({ name: _name, ...rest }: Variable): Omit<Variable, "name"> {
  return rest;
}
