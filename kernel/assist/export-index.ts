// What Node's modules and the kernel's own packages export, so that their names complete before they are imported.
import { setTimeout } from "node:timers/promises";
import { candidateOf, RANKS, startsAlike, type Candidate } from "./candidates.ts";
import { ANSWER_WAIT_MS, type LanguageQuestions } from "./language.ts";
import type { ServerCompletionList } from "./server-answers.ts";
import type { WordAtCursor } from "./word.ts";

/** Modules of Node whose names people look for; the server itself offers those of packages in `package.json`. */
const NODE_MODULES = [
  "assert child_process crypto events fs fs/promises http https os path perf_hooks readline stream",
  "stream/promises timers/promises url util worker_threads zlib",
].flatMap((line) => line.split(" ").map((name) => `node:${name}`));

/** Between two modules, in milliseconds, as long as nobody waits for names. */
const PAUSE_MS = 100;

type Exports = readonly Omit<Candidate, "start">[];

/** Asks the language server once for the exports of each module, and remembers them. */
export class ExportIndex {
  readonly #exports = new Map<string, Exports>();
  #filling: Promise<void> | undefined;
  #isWanted = false;

  /** Looks for names in the background, once; the server answers others in between. */
  prepare(language: LanguageQuestions): Promise<void> {
    this.#filling ??= this.#fill([...language.packages, ...NODE_MODULES], language);
    return this.#filling;
  }

  /** Names to import that begin like the word, as far as they are known by now, or in a moment. */
  async candidates(
    { start, prefix }: WordAtCursor,
    language: LanguageQuestions,
    waitMs: number,
  ): Promise<Candidate[]> {
    this.#isWanted = waitMs > 0;
    await within(this.prepare(language), waitMs);
    const found = [...this.#exports.values()]
      .flat()
      .filter(({ name }) => startsAlike(name, prefix));
    return found.map((one) => ({ ...one, start }));
  }

  async #fill(modules: readonly string[], language: LanguageQuestions): Promise<void> {
    for (const name of modules) {
      if (!this.#isWanted) await setTimeout(PAUSE_MS, undefined, { ref: false });
      const found = await exportsOf(name, language);
      if (found) this.#exports.set(name, found);
    }
    // A server that did not answer is asked again.
    if (this.#exports.size === 0) this.#filling = undefined;
  }
}

async function exportsOf(from: string, language: LanguageQuestions): Promise<Exports | undefined> {
  const head = "import { ";
  const answer = await language.complete(`${head} } from ${JSON.stringify(from)};`, head.length, {
    timeoutMs: ANSWER_WAIT_MS,
  });
  const items = (answer as ServerCompletionList | undefined)?.items;
  const word = { start: 0, end: 0, prefix: "", isMember: false };
  return items
    ?.map((item) => candidateOf(item, word, () => 0))
    .filter(({ name, kind }) => kind !== "keyword" && name !== "default")
    .map(({ name, text, kind }) => ({ name, text, kind, from, rank: RANKS.import }));
}

async function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  const limit = new AbortController();
  const { signal } = limit;
  const passed = setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
  await Promise.race([promise, passed]);
  limit.abort();
}
