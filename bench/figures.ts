// Writes the figures of docs/library.md: node dist/bench/figures.js lib.json mnist.json costs.json, each from npm run bench -- ... --json.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Report, type Row, short } from "./report.ts";

const PAGE = fileURLToPath(new URL("../../docs/library.md", import.meta.url));
const [BEGIN, END] = ["<!-- figures: begin -->", "<!-- figures: end -->"];

/** Lines of a Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function byWorkload(rows: readonly Row[]): Row[][] {
  const names = [...new Set(rows.map(({ workload }) => workload))];
  return names.map((name) => rows.filter(({ workload }) => workload === name));
}

function speeds({ rows, machine, claims = [] }: Report): string[] {
  const named = (group: readonly Row[], text: string): Row | undefined =>
    group.find(({ peer, variant }) => `${peer}, ${variant}`.includes(text));
  const rate = (row: Row | undefined): string =>
    row ? short(Number(row.median.toPrecision(3))) : "";
  const times = (row: Row | undefined): string =>
    row ? short(Number(row.ratio.toPrecision(3))) : "";
  const lines = byWorkload(rows).map((group) => {
    const [ours, torch] = [named(group, "compiled"), named(group, "PyTorch")];
    const [least, most] = torch?.ratioRange ?? [0, 0];
    return [
      ours!.workload,
      rate(ours),
      rate(torch),
      torch ? `${least.toFixed(2)} / **${torch.ratio.toFixed(2)}** / ${most.toFixed(2)}` : "",
      rate(named(group, "2 ranks")),
      rate(named(group, "op by op")),
      torch ? `${ours!.memoryMiB.toFixed(0)}, ${torch.memoryMiB.toFixed(0)} MiB` : "",
      times(named(group, "jax-js")),
      times(named(group, "TensorFlow.js")),
    ];
  });
  const head = [
    "each second",
    "compiled",
    "PyTorch",
    "compiled / PyTorch",
    "2 ranks",
    "op by op",
    "memory, PyTorch's",
    "/ jax-js",
    "/ TensorFlow.js",
  ];
  const missed = claims.filter(({ holds }) => !holds);
  return [
    `Measured on ${machine}:`,
    "",
    ...table(head, lines),
    "",
    missed.length === 0
      ? `All ${claims.length} floors held.`
      : `Of ${claims.length} floors all held but: ${missed.map(({ claim, measured }) => `${claim} (${short(measured)})`).join("; ")}.`,
  ];
}

function headline({ rows, machine }: Report): string[] {
  const lines = byWorkload(rows).flatMap((group) =>
    group.map((row) => [row.workload, row.peer, row.variant, `${row.median.toFixed(1)} s`]),
  );
  return [`Measured on ${machine}:`, "", ...table(["training", "with", "how", "wall time"], lines)];
}

function costs({ claims = [], machine }: Report): string[] {
  const lines = claims.map(({ claim, measured, unit, wanted, holds }) => [
    claim,
    `${short(Number(measured.toPrecision(3)))} ${unit}`,
    "atLeast" in wanted ? `at least ${wanted.atLeast}` : `at most ${wanted.atMost}`,
    holds ? "yes" : "no",
  ]);
  return [`Measured on ${machine}:`, "", ...table(["cost", "measured", "wanted", "held"], lines)];
}

const WRITERS: Readonly<Record<string, (report: Report) => string[]>> = {
  lib: speeds,
  mnist: headline,
  costs,
};

const reports = process.argv
  .slice(2)
  .map((path) => JSON.parse(readFileSync(path, "utf8")) as Report);
const figures = reports.map((report) => WRITERS[report.suite]!(report).join("\n")).join("\n\n");
const page = readFileSync(PAGE, "utf8");
const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
writeFileSync(PAGE, `${before}${BEGIN}\n\n${figures}\n\n${after}`);
