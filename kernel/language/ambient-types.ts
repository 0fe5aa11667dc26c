// What every cell knows without import, declared for the language server.
import { fileURLToPath } from "node:url";
import { TSLAB_TYPES } from "../display/tslab-types.ts";
import { WEB_ASSEMBLY_TYPES } from "./web-assembly-types.ts";

/** The file that declares the kernel's globals; it exists only for the language server. */
export const AMBIENT_FILE = "__cell_globals.d.ts";

const NOTEBOOK_TYPES = fileURLToPath(new URL("../notebook.js", import.meta.url));

/** Elements are values of any kind, unless the notebook's own React says more. */
const ELEMENTS = `declare namespace JSX {
  type Element = any;
  interface IntrinsicElements { [name: string]: any }
}`;

const WITHOUT_NODE = `declare const require: (name: string) => any;
declare const process: any;
declare const Buffer: any;
declare const console: any;
declare const setTimeout: any;`;

/** The text of that file. @param hasNodeTypes - whether `@types/node` was found */
export function ambientTypes(hasNodeTypes: boolean): string {
  const kernel = `import(${JSON.stringify(NOTEBOOK_TYPES)})`;
  return `declare const display: ${kernel}.Display;
declare const clearOutput: ${kernel}.ClearOutput;
declare const prompt: ${kernel}.Ask;
declare const password: ${kernel}.Ask;
${ELEMENTS}
${WEB_ASSEMBLY_TYPES}
${TSLAB_TYPES}${hasNodeTypes ? "" : WITHOUT_NODE}`;
}
