// What is inserted for each candidate: its name, or the import that it needs as well.
import type { Candidate, CandidateKind } from "./candidates.ts";
import type { Completion, Completions } from "./completion-reply.ts";
import { documentationOf } from "./documentation.ts";
import { hasOtherWordsLike, importPlace, importStatement } from "./import-text.ts";
import { DETAIL_WAIT_MS, IMPORT_WAIT_MS, type AssistSources } from "./language.ts";
import { textOfServer, type ServerCompletion } from "./server-answers.ts";
import type { WordAtCursor } from "./word.ts";

/** Offers whose signature and documentation are asked for. */
const MOST_DETAILED = 8;

/** A candidate and what the server knows beyond its name. */
export interface DetailedCandidate extends Candidate {
  readonly more?: ServerCompletion;
}

/** Asks the server for what is pleasant to know, and for the text of imports. */
export async function withDetails(
  candidates: readonly Candidate[],
  { language }: AssistSources,
): Promise<DetailedCandidate[]> {
  const asked = new Set([
    ...candidates.slice(0, MOST_DETAILED),
    ...candidates.filter(({ from }) => from !== undefined),
  ]);
  return Promise.all(
    candidates.map(async (candidate) => {
      if (!candidate.item || !asked.has(candidate)) return candidate;
      const waitMs = candidate.from === undefined ? DETAIL_WAIT_MS : IMPORT_WAIT_MS;
      const more = await language.resolve(candidate.item, waitMs);
      return more ? { ...candidate, more: more as ServerCompletion } : candidate;
    }),
  );
}

/** Where offers are put. */
export interface OfferPlace {
  readonly cell: string;
  /** The cell with blanks in place of its commands. */
  readonly code: string;
  readonly word: WordAtCursor;
  /** UTF-16 offset where what offers replace begins. */
  readonly start: number;
}

/** What to insert for each candidate. */
export function offersFor(
  candidates: readonly DetailedCandidate[],
  { cell, code, word, start }: OfferPlace,
): Completions {
  const plain = candidates.filter(({ from }) => from === undefined).map(offerOf);
  const imports = candidates.filter((one) => one.from !== undefined && hasKnownStatement(one));
  const place = imports.length > 0 ? importPlace(code, word) : undefined;
  const withoutImports = { start, end: word.end, items: plain };
  // Nothing can be put in front of a command's code.
  if (!place || cell.slice(place.start, word.start) !== place.between) return withoutImports;
  const isBegun = place.between.trim() === "";
  // All offers replace the same part, and JupyterLab merges its own offers, which replace the word.
  if (!isBegun && (plain.length > 0 || hasOtherWordsLike(code, word))) return withoutImports;
  return {
    start: isBegun ? start : place.start,
    end: word.end,
    items: [...plain, ...imports.map((candidate) => importOffer(candidate, place.between))],
  };
}

/** A default export has a statement of its own kind, which only the server knows. */
const hasKnownStatement = ({ item, more }: DetailedCandidate): boolean =>
  more !== undefined || (item?.data?.autoImport?.importKind ?? 0) === 0;

function offerOf({ text, kind, more }: DetailedCandidate): Completion {
  const { code, text: documentation } = documentationOf(
    `\`\`\`\n${more?.detail ?? ""}\n\`\`\`\n${textOfServer(more?.documentation)}`,
  );
  return {
    text,
    kind: kindIn(code) ?? kind,
    ...(code === "" ? {} : { signature: code }),
    ...(documentation === "" ? {} : { documentation }),
  };
}

function importOffer(
  { name, from = "", kind, more }: DetailedCandidate,
  between: string,
): Completion {
  const edits = (more?.additionalTextEdits ?? []).map(({ newText }) => newText);
  const statement = importStatement(edits, name, from);
  const documentation = textOfServer(more?.documentation);
  return {
    text: `${statement}\n${between}${name}`,
    kind,
    signature: `${name} from ${JSON.stringify(from)}`,
    ...(documentation === "" ? {} : { documentation }),
  };
}

/** Names of earlier cells are variables to the server, whatever they stand for. */
function kindIn(signature: string): CandidateKind | undefined {
  const [, word] = /^(class|constructor|enum|function|interface|type)\b/.exec(signature) ?? [];
  return word === "constructor" ? "class" : (word as CandidateKind | undefined);
}
