// Numbers that the chapters' texts rely on, each looked up in the output of the cell that computes it.
import type { Output } from "../../nbformat/types.ts";
import type { ChapterRule } from "./chapter.ts";

/** One claim: what the output of a cell must hold, also when the chapter learns from less. */
export interface Claim {
  readonly cell: string;
  readonly says: string;
  readonly shows: RegExp;
}

/** The claims of each notebook, by its path. */
export const CLAIMS: Readonly<Record<string, readonly Claim[]>> = {
  "notebooks/part-1/p1-01-single-layer.ipynb": [
    {
      cell: "model",
      says: "784-256-10 has 203,530 parameters",
      shows: /total\s+203,530/,
    },
    {
      cell: "slope",
      says: "the slope of sigmoid is 0.25, 0.105 and 0.0066 at 0, 2 and 5",
      shows: /0\.25\s+0\.105\s+0\.00665/,
    },
    {
      cell: "vanish",
      says: "20 sigmoid layers leave some 2e-12 of the gradient (seeds 1 to 12: 1.6 to 2.8)",
      shows: /first layer \/ last layer = [12]\.\d+e-12/,
    },
    {
      cell: "softmax",
      says: "softmax of 2.1, 0.3, 0.1 is 0.769, 0.127, 0.104, by hand and by the library",
      shows: /(0\.7688\d*, 0\.1270\d*, 0\.1040\d* [^0]*){2}/,
    },
    {
      cell: "claims",
      says: "with ten classes the first gets 0.463, or 0.75 when the others are at -3.27",
      shows: /others 0: highest 0\.4634 .*others -3\.27: highest 0\.7501 .*lowest 0\.1015/,
    },
    {
      cell: "collapsed",
      says: "five linear layers are one, to less than 1e-12",
      shows: /\b\d(\.\d+)?e-1[3-9]\b/,
    },
    {
      cell: "bumps-slider",
      says: "from 9 to 17 to 33 knots the error falls 3.7 and 3.9 times, towards 4",
      shows: /error 0\.0703.*error 0\.0188.*error 0\.0048/,
    },
  ],
};

/** Every claim of the chapter is found in the output of its cell. */
export function keepsClaims(claims: readonly Claim[]): ChapterRule {
  return ({ path, cells }) =>
    claims.flatMap(({ cell: id, says, shows }) => {
      const cell = cells.find((one) => one.id === id);
      const outputs = cell?.cell_type === "code" ? cell.outputs : [];
      return shows.test(outputs.map(textOf).join("\n"))
        ? []
        : [`${path} cell ${id} does not show that ${says}`];
    });
}

/** Everything in an output on one line, frames of figures too. */
function textOf(output: Output): string {
  if (output.output_type === "stream") return output.text;
  return "data" in output ? JSON.stringify(output.data) : "";
}
