// Who may import whom: the table of house.md section 3, in one place. The linter's rule and its test read it.

/** Folders of the project, most specific first: a file belongs to the first one that matches. */
export const FOLDERS = [
  [
    "lib/core",
    /^lib\/((errors|dtype|shape|window|check|window-check|layer-check|op-check|saved|philox|random|display|png|notebook)\.ts$|webassembly\/)/,
  ],
  ["lib/index", /^lib\/index\.ts$/],
  ["lib/tensor", /^lib\/(tensor|tensor-display|tensor-picture)\.ts$/],
  ["lib/contract", /^lib\/backends\/(backend|host-array|matrix|put-off)\.ts$/],
  ["lib/select", /^lib\/backends\/(select|automatic)\.ts$/],
  ["lib/backend", /^lib\/backends\//],
  ["lib/init", /^lib\/init\.ts$/],
  ["lib/ops", /^lib\/ops\//],
  ["lib/layers", /^lib\/layers\//],
  ["lib/losses", /^lib\/losses\//],
  ["lib/optimizers", /^lib\/optimizers\//],
  ["lib/models", /^lib\/models\//],
  ["lib/compile", /^lib\/compile\//],
  ["lib/training", /^lib\/training\//],
  ["lib/data", /^lib\/data\//],
  ["lib/interchange", /^lib\/interchange\//],
  ["lib/plot", /^lib\/plot\//],
  ["lib/algorithms", /^lib\/(algorithms|baselines|autograd)\//],
  ["kernel/protocol", /^kernel\/protocol\//],
  ["kernel/compile", /^kernel\/compile\//],
  ["kernel", /^kernel\//],
  ["nbformat", /^nbformat\//],
  ["lab/ui", /^lab\/ui\//],
  ["lab", /^lab\//],
  ["grader", /^grader\//],
  ["exercises", /^exercises\//],
  ["solutions", /^solutions\//],
  ["bench", /^bench\//],
  ["cli", /^cli\//],
  ["tests", /^(tests\/|vitest\.config\.ts$)/],
];

const LIB_LAYERED = ["lib/layers", "lib/losses", "lib/optimizers", "lib/init", "lib/models"];
/** For those that record layers and optimizers on a backend, or write them to files. */
const LIB_RECORDING = [
  "lib/core",
  "lib/contract",
  "lib/select",
  "lib/backend",
  "lib/tensor",
  "lib/ops",
  "lib/layers",
  "lib/optimizers",
];

/** What a folder may import besides itself; `"*"` allows everything. */
export const ALLOWED = {
  "lib/core": [],
  "lib/contract": ["lib/core"],
  "lib/tensor": ["lib/core", "lib/contract"],
  "lib/select": ["lib/core", "lib/contract", "lib/backend"],
  "lib/backend": ["lib/core", "lib/contract"],
  "lib/ops": ["lib/core", "lib/tensor", "lib/contract", "lib/select"],
  "lib/layers": ["lib/core", "lib/tensor", "lib/ops", "lib/init"],
  "lib/losses": ["lib/core", "lib/tensor", "lib/ops"],
  "lib/init": ["lib/core", "lib/tensor", "lib/ops"],
  "lib/optimizers": ["lib/core", "lib/tensor", "lib/ops", "lib/layers"],
  "lib/models": ["lib/core", "lib/tensor", "lib/ops", "lib/layers", "lib/losses", "lib/init"],
  "lib/data": ["lib/core", "lib/tensor", "lib/ops"],
  "lib/plot": ["lib/core", "lib/tensor", "lib/layers", "lib/models"],
  "lib/algorithms": ["lib/core", "lib/tensor", "lib/ops", "lib/data"],
  "lib/compile": [...LIB_RECORDING, "lib/losses"],
  "lib/interchange": LIB_RECORDING,
  "lib/training": [
    "lib/core",
    "lib/compile",
    "lib/tensor",
    "lib/ops",
    "lib/data",
    "lib/plot",
    "lib/select",
    ...LIB_LAYERED,
  ],
  "lib/index": [
    "lib/core",
    "lib/tensor",
    "lib/contract",
    "lib/select",
    "lib/ops",
    "lib/data",
    "lib/interchange",
    "lib/plot",
    "lib/algorithms",
    "lib/compile",
    "lib/training",
    ...LIB_LAYERED,
  ],
  "kernel/protocol": [],
  "kernel/compile": ["kernel/protocol"],
  kernel: ["kernel/protocol", "kernel/compile"],
  nbformat: [],
  lab: ["kernel/protocol", "nbformat"],
  "lab/ui": [],
  grader: ["lib/index", "kernel/protocol", "kernel/compile", "nbformat"],
  exercises: [],
  solutions: [],
  bench: ["*"],
  cli: ["*"],
  tests: ["*"],
};

/** @param {string} path - relative to the project, with forward slashes */
export function folderOf(path) {
  return FOLDERS.find(([, pattern]) => pattern.test(path))?.[0];
}

/**
 * Why `from` may not import `to`, or undefined when it may.
 *
 * @param {string} from - importing file, relative to the project
 * @param {string} to - imported file, relative to the project
 */
export function importProblem(from, to) {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === undefined || target === undefined) return undefined;
  const backendOf = (path) => /^lib\/backends\/([^/]+)\//.exec(path)?.[1];
  if (source === "lib/backend" && target === "lib/backend" && backendOf(from) !== backendOf(to)) {
    return `a backend stands alone: ${from} may not import ${to}. Move what both need into lib/backends/backend.ts.`;
  }
  const allowed = ALLOWED[source] ?? [];
  if (source === target || allowed.includes("*") || allowed.includes(target)) return undefined;
  const may = allowed.length === 0 ? "nothing but itself" : `only ${allowed.join(", ")}`;
  return `${source} may import ${may}, not ${target} (${to}). See house rules, "Who may import whom".`;
}
