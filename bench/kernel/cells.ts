// The measured cells, in TypeScript and in Python.

/** What the measured cells look like in a kernel's language. */
export interface KernelCells {
  readonly sum: string;
  /** Thirty lines with types, under names of their own. */
  readonly typed: (number: number) => string;
  /** Asks for the members of the table that the typed cell `number` has made. */
  readonly member: (number: number) => string;
  /** Computes for a second. */
  readonly busy: string;
  /** Prints 100,000 lines of 100 bytes. */
  readonly lines: string;
  /** Never ends. */
  readonly endless: string;
}

/** For every kernel that takes TypeScript. */
export const TYPESCRIPT: KernelCells = {
  sum: "1 + 1",
  typed: (n) => `interface Row${n} { label: string; size: number; weights: number[]; bias?: number }
type Stats${n} = { mean: number; deviation: number; count: number };
function scoreOf${n}(row: Row${n}): number {
  const total = row.weights.reduce((sum, weight) => sum + weight * row.size, 0);
  return total + (row.bias ?? 0);
}
function group${n}(rows: Row${n}[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const group = groups.get(row.label);
    if (group) group.push(scoreOf${n}(row));
    else groups.set(row.label, [scoreOf${n}(row)]);
  }
  return groups;
}
function stats${n}(scores: number[]): Stats${n} {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.map((score) => (score - mean) ** 2);
  const variance = squares.reduce((sum, square) => sum + square, 0) / scores.length;
  return { mean, deviation: Math.sqrt(variance), count: scores.length };
}
const rows${n}: Row${n}[] = [];
for (let i = 0; i < 100; i++) {
  rows${n}.push({ label: "abc"[i % 3]!, size: i, weights: [i, i + 1], ...(i % 2 ? { bias: 1 } : {}) });
}
const table${n} = new Map<string, Stats${n}>();
for (const [label, scores] of group${n}(rows${n})) table${n}.set(label, stats${n}(scores));
const answer${n}: number = table${n}.get("a")!.count;
answer${n}`,
  member: (n) => `table${n}.get("a")!.`,
  busy: "{ const end = Date.now() + 1000; while (Date.now() < end); }",
  lines: "for (let i = 0; i < 100000; i++) console.log('x'.repeat(99))",
  endless: "while (true) {}",
};

/** The same for ipykernel. */
export const PYTHON: KernelCells = {
  sum: "1 + 1",
  typed: (n) => `from dataclasses import dataclass
from typing import Optional
import math
@dataclass
class Row${n}:
    label: str
    size: int
    weights: list[float]
    bias: Optional[float] = None
@dataclass
class Stats${n}:
    mean: float
    deviation: float
    count: int
def score_of${n}(row: Row${n}) -> float:
    total = sum(weight * row.size for weight in row.weights)
    return total + (row.bias or 0)
def group${n}(rows: list[Row${n}]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for row in rows:
        groups.setdefault(row.label, []).append(score_of${n}(row))
    return groups
def stats${n}(scores: list[float]) -> Stats${n}:
    mean = sum(scores) / len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / len(scores)
    return Stats${n}(mean, math.sqrt(variance), len(scores))
rows${n} = [Row${n}("abc"[i % 3], i, [i, i + 1], 1 if i % 2 else None) for i in range(100)]
table${n} = {label: stats${n}(scores) for label, scores in group${n}(rows${n}).items()}
answer${n}: int = table${n}["a"].count
answer${n}`,
  member: (n) => `rows${n}[0].`,
  busy: "import time\nend = time.time() + 1\nwhile time.time() < end: pass",
  lines: "for i in range(100000): print('x' * 99)",
  endless: "while True: pass",
};
