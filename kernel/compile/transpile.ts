// From TypeScript to JavaScript with today's syntax: types removed, `using` lowered, tree parsed.
import { parseSync } from "oxc-parser";
import type { Program } from "oxc-parser";
import { transformSync } from "oxc-transform";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";

/** A problem that stops the cell, with UTF-16 offsets into the cell's source. */
export interface SourceProblem {
  message: string;
  /** What the parser proposes, when it proposes something. */
  hint: string | undefined;
  start: number;
  end: number;
}

/** A cell as plain JavaScript. */
export interface Transpiled {
  code: string;
  program: Program;
  map: EncodedSourceMap;
  /** How many characters were put before the first line of the source. */
  firstLineShift: number;
}

const OPTIONS = {
  lang: "ts",
  sourceType: "module",
  sourcemap: true,
  // Node 20 knows everything of ES2022 and neither `using` nor decorators.
  target: "es2022",
  helpers: { mode: "External" },
  // An import that this cell does not use may be used by the next one.
  typescript: { onlyRemoveTypeImports: true },
} as const;

/** Which function makes elements (JSX). */
export interface JsxSettings {
  /** `classic` calls a function that the cell can see, `automatic` one that it imports by itself. */
  readonly runtime: "classic" | "automatic";
  /** The function; `React.createElement` without it. */
  readonly pragma?: string;
  /** What `<>` is; `React.Fragment` without it. */
  readonly pragmaFrag?: string;
  /** The package of `automatic`; `react` without it. */
  readonly importSource?: string;
}

const REACT: JsxSettings = { runtime: "classic" };

type TransformOptions = NonNullable<Parameters<typeof transformSync>[2]>;

/** Transpiles a cell; a cell that is one `{ ... }` which reads as an object literal is an object. */
export function transpile(
  source: string,
  jsx: () => JsxSettings = () => REACT,
): Transpiled | { problems: SourceProblem[] } {
  const text = blankFirstLineComment(source);
  const asObject = readAsObject(text);
  if (asObject) return asObject;
  const plain = transpileText(text, 0);
  if (!("problems" in plain) || !/<[\w>]/.test(text)) return plain;
  // Elements are rare in notebooks and `<T>value` is not: they are tried only where it fails.
  const withElements = transpileText(text, 0, { lang: "tsx", jsx: forPragmas(jsx(), text) });
  return "problems" in withElements ? plain : withElements;
}

/** A cell that names its package in a comment, as TypeScript has it, need not say `@jsxRuntime` too. */
const forPragmas = (jsx: JsxSettings, text: string): JsxSettings =>
  /@jsxImportSource\s/.test(text) ? { runtime: "automatic" } : /@jsx\s/.test(text) ? REACT : jsx;

/** A first line `# like this` or `#!...` is a comment (nbgrader writes such); columns stay. */
export function blankFirstLineComment(source: string): string {
  return source.replace(/^#[^\r\n]*/, (line) => " ".repeat(line.length));
}

function transpileText(
  text: string,
  shift: number,
  more: object = {},
): Transpiled | { problems: SourceProblem[] } {
  const options = { ...OPTIONS, ...more } as unknown as TransformOptions;
  const result = transformSync("cell.ts", text, options);
  const errors = result.errors.filter(
    (error: { severity: string }) => error.severity !== "Warning",
  );
  if (errors.length > 0 || !result.map) {
    const problems = errors.map((error) => ({
      message: error.message,
      hint: error.helpMessage ?? undefined,
      start: utf16Offset(text, error.labels[0]?.start ?? 0),
      end: utf16Offset(text, error.labels[0]?.end ?? 0),
    }));
    return { problems };
  }
  const { program } = parseSync("cell.js", result.code, { lang: "js", sourceType: "module" });
  const map = { ...result.map, version: 3 as const } as EncodedSourceMap;
  return { code: result.code, program, map, firstLineShift: shift };
}

const BRACES_ONLY = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*\{[^]*\}(?:\s|\/\/.*)*$/;

function readAsObject(text: string): Transpiled | undefined {
  if (!BRACES_ONLY.test(text)) return undefined;
  const result = transpileText(`(${text}\n)`, 1);
  if ("problems" in result || result.program.body.length !== 1) return undefined;
  const [only] = result.program.body;
  if (only?.type !== "ExpressionStatement") return undefined;
  const inner =
    only.expression.type === "ParenthesizedExpression"
      ? only.expression.expression
      : only.expression;
  return inner.type === "ObjectExpression" ? result : undefined;
}

// The transformer counts UTF-8 bytes in its labels; editors and we count UTF-16 units.
function utf16Offset(text: string, byteOffset: number): number {
  return Buffer.from(text).subarray(0, byteOffset).toString().length;
}
