// What the product loads at run time is what it depends on: development packages stay out of a packed gradlab.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { SourceFile } from "./rules/source-file.ts";
import { parseSource } from "./rules/source-file.ts";
import { parseProject } from "./support/project-files.ts";

const SHIPPED = parseProject(/^(lib|kernel|nbformat|lab\/server|grader|cli)\/.*\.ts$/);
const packageFile = fileURLToPath(new URL("../../package.json", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(packageFile, "utf8")) as { dependencies: object };
const allowed: ReadonlySet<string> = new Set([...Object.keys(dependencies), "gradlab"]);

/** The one file of the page's build that may be loaded where there is no bundler. */
const LIGHT = "lab/ui/build/page-folder.ts";

/** Modules that a file loads as soon as it is loaded itself, types left out. */
function staticImports({ program }: SourceFile): string[] {
  return program.body.flatMap((statement) =>
    (statement.type === "ImportDeclaration" && statement.importKind !== "type") ||
    (statement.type === "ExportNamedDeclaration" && statement.exportKind !== "type")
      ? (statement.source?.value ?? [])
      : [],
  );
}

function problems(file: SourceFile): string[] {
  return staticImports(file).flatMap((specifier) => {
    if (specifier.startsWith(".")) {
      const needsBundler = specifier.includes("lab/ui/") && !specifier.endsWith(LIGHT);
      return needsBundler ? [`${file.path} loads ${specifier}, which needs the bundler`] : [];
    }
    const name = specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/");
    return isBuiltin(specifier) || allowed.has(name)
      ? []
      : [`${file.path} loads ${name}, which is no dependency`];
  });
}

describe("run-time imports", () => {
  test("a development package and the bundler are refused, a dependency and a type pass", () => {
    const wrong = 'import "vitest";\nimport { b } from "../../lab/ui/build/build-page.ts";\n';
    expect(problems(parseSource("cli/a.ts", wrong))).toHaveLength(2);
    const right = `import "zeromq";\nimport "node:fs";\nimport type { C } from "@rspack/core";\nimport { p } from "../../${LIGHT}";\n`;
    expect(problems(parseSource("cli/a.ts", right))).toEqual([]);
  });

  test("hold for everything that is shipped", () => {
    expect(SHIPPED.flatMap(problems)).toEqual([]);
  });
});
