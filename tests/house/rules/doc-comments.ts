// Every export has a doc comment; tensor functions name shapes; maths names its source.
import {
  docCommentBefore,
  exportedDeclarations,
  lineAt,
  walk,
  type Exported,
  type Rule,
  type SourceFile,
} from "./source-file.ts";

const SHAPE = /`\[[^`]*\]`|any shape|same shape/i;
// Base classes, and what optimizers count and carry, are no maths of any paper.
const NEEDS_SOURCE =
  /^lib\/(layers\/(?!layer\.ts)|losses\/(?!loss\.ts)|optimizers\/(?!(optimizer|moves|progress|state)\.ts)|init\.ts)/;

/** An exported thing without a doc comment, or with an empty one. */
export const documentsExports: Rule = (file) =>
  exportedDeclarations(file)
    .filter((exported) => !/[a-z]{2}/i.test(docCommentBefore(file, exported.start) ?? ""))
    .map((exported) =>
      complain(file, exported, "has no doc comment: say in a sentence what it is"),
    );

/** An exported function of lib that takes a Tensor and names no shape in backticks. */
export const namesShapes: Rule = (file) =>
  !file.path.startsWith("lib/")
    ? []
    : exportedDeclarations(file)
        .filter((exported) => exported.kind === "FunctionDeclaration" && takesTensor(exported))
        .filter((exported) => !SHAPE.test(docCommentBefore(file, exported.start) ?? ""))
        .map((exported) =>
          complain(
            file,
            exported,
            "takes a Tensor: name its shape in backticks, `[batch, features]`",
          ),
        );

/** An exported class or function of layers, losses, optimizers or init without `@source`. */
export const citesSource: Rule = (file) =>
  !NEEDS_SOURCE.test(file.path)
    ? []
    : exportedDeclarations(file)
        .filter(({ kind }) => kind === "FunctionDeclaration" || kind === "ClassDeclaration")
        .filter((exported) => !/@source \S/.test(docCommentBefore(file, exported.start) ?? ""))
        .map((exported) =>
          complain(file, exported, "needs @source: paper and equation, or chapter"),
        );

function takesTensor(exported: Exported): boolean {
  let found = false;
  walk(exported.node["params"], (node) => {
    if (
      node.type === "TSTypeReference" &&
      (node["typeName"] as { name?: string }).name === "Tensor"
    ) {
      found = true;
    }
  });
  return found;
}

function complain(file: SourceFile, exported: Exported, what: string): string {
  return `${file.path}:${lineAt(file, exported.start)} ${exported.name} ${what}`;
}
