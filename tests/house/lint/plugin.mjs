// The linter's own rules of this house: folder imports, and no reading of numbers in layers.
import { dirname, relative, resolve, sep } from "node:path";
import { folderOf, importProblem } from "./folders.mjs";

const VALUE_READERS = new Set(["item", "toArray", "toTypedArray"]);
const VALUE_FREE = new Set(["lib/layers", "lib/losses", "lib/optimizers", "lib/models"]);

// The linter is always run from the root of the project that it checks.
const inProject = (file) => relative(process.cwd(), file).split(sep).join("/");

const folderImports = {
  meta: { type: "problem" },
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
      const target = resolve(dirname(context.filename), specifier);
      const message = importProblem(inProject(context.filename), inProject(target));
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      ImportExpression: check,
    };
  },
};

const noValueReading = {
  meta: { type: "problem" },
  create(context) {
    if (!VALUE_FREE.has(folderOf(inProject(context.filename)))) return {};
    return {
      CallExpression(node) {
        const name = node.callee.property?.name;
        if (!VALUE_READERS.has(name)) return;
        const message = `layers, losses, optimizers and models never read numbers out of a tensor: use ops instead of .${name}(), so that the same code can be recorded into a graph.`;
        context.report({ node, message });
      },
    };
  },
};

const plugin = {
  meta: { name: "house" },
  rules: { "folder-imports": folderImports, "no-value-reading": noValueReading },
};

export default plugin;
