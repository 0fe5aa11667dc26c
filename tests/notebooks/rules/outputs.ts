// What an executed notebook must hold: every cell ran, none failed, and every picture has words.
import type { Cell, CodeCell, MimeBundle } from "../../../nbformat/types.ts";
import { tagOf, type Chapter, type ChapterRule } from "../chapter.ts";

/** Every code cell ran to its end, in silence on stderr, and left something to see. */
export const ranCleanly: ChapterRule = (chapter) =>
  codeCells(chapter).flatMap(({ cell, where }) => {
    const errors = cell.outputs.flatMap((output) =>
      output.output_type === "error" ? [`${where} threw ${output.ename}: ${output.evalue}`] : [],
    );
    const warnings = cell.outputs.flatMap((output) =>
      output.output_type === "stream" && output.name === "stderr"
        ? [`${where} wrote to stderr: ${output.text.trim()}`]
        : [],
    );
    if (cell.execution_count === null) return [`${where} did not run`];
    if (cell.outputs.length === 0 && tagOf(cell).role !== "stub") {
      return [`${where} ran and shows nothing`];
    }
    return [...errors, ...warnings];
  });

/** Every picture says in words what it shows, and every interactive one has a static twin. */
export const describesOutputs: ChapterRule = (chapter) =>
  codeCells(chapter).flatMap(({ cell, where }) =>
    cell.outputs
      .filter((output) => "data" in output)
      .flatMap((output) => pictureProblems(output.data))
      .map((problem) => `${where} ${problem}`),
  );

function codeCells({ path, cells }: Chapter): { cell: CodeCell; where: string }[] {
  return cells.flatMap((cell: Cell, index) =>
    cell.cell_type === "code" ? [{ cell, where: `${path} cell ${String(index + 1)}` }] : [],
  );
}

function pictureProblems(data: MimeBundle): string[] {
  const svg = textOf(data, "image/svg+xml");
  const html = textOf(data, "text/html");
  const interactive = "application/vnd.plotly.v1+json" in data;
  const pictures = [svg, ...(html.match(/<svg\b[\s\S]*?<\/svg>/gi) ?? [])].filter(Boolean);
  const images = html.match(/<img\b[^>]*>/gi) ?? [];
  return [
    ...pictures
      .filter((picture) => !isDescribed(picture))
      .map(() => "shows a drawing without words"),
    ...images
      .filter((tag) => !/\balt\s*=\s*["'][^"']+["']/i.test(tag))
      .map(() => "shows an image without alt text"),
    ...(interactive && svg === "" ? ["shows a Plotly figure without a static picture"] : []),
  ];
}

/** Screen readers take an SVG as one picture with a name: role, and a label or a title. */
function isDescribed(svg: string): boolean {
  const [root = ""] = /<svg\b[^>]*>/i.exec(svg) ?? [];
  if (/aria-hidden="true"/.test(root)) return true;
  const named = /aria-label="[^"]+"/.test(root) || /<title\b[^>]*>[^<]+<\/title>/.test(svg);
  return /role="(img|graphics-document)"/.test(root) && named;
}

function textOf(data: MimeBundle, type: string): string {
  const value = data[type];
  return typeof value === "string" ? value : "";
}
