// Inspection: what the word at the cursor is, or the function that is being called there.
import { typeScriptOf } from "../commands/expand-cell.ts";
import { commandHelp } from "./commands.ts";
import { documentationOf, type Documentation, type SourceText } from "./documentation.ts";
import { ANSWER_WAIT_MS, START_WAIT_MS, type AssistSources } from "./language.ts";
import {
  textOfServer,
  type ServerHover,
  type ServerLink,
  type ServerSignatureHelp,
} from "./server-answers.ts";
import { documentationOfCall } from "./signature.ts";
import { sourceOf } from "./source-text.ts";
import { quietTokenAt, tokensOf } from "./tokens.ts";
import { plainChainBefore, wordAt, wordTouching } from "./word.ts";

/** Declarations of a shape are shown whole when they are no longer than this. */
const MOST_SHAPE_LINES = 20;
const TIME_LIMIT = { timeoutMs: ANSWER_WAIT_MS };

/** What to inspect. */
export interface InspectedPlace {
  readonly code: string;
  /** In UTF-16 units. */
  readonly offset: number;
  /** With the source of the declaration, as `??` shows it in IPython. */
  readonly wantsSource: boolean;
}

/** The documentation of a place in a cell; undefined when nothing is known. */
export async function inspectCell(
  { code: cell, offset, wantsSource }: InspectedPlace,
  sources: AssistSources,
): Promise<Documentation | undefined> {
  const help = commandHelp(cell, offset, sources.commands);
  if (help) return help;
  const code = typeScriptOf(cell);
  const start = wordTouching(code, offset);
  const isServed = await sources.language.whenReady(START_WAIT_MS);
  const word = start === undefined ? undefined : await aboutWord(code, start, sources);
  const found = word ?? (isServed ? await ofCall(code, offset, sources) : undefined);
  if (!found || !isServed) return found;
  const named = word ? start! : calleeBefore(code, offset);
  if (named === undefined) return found;
  if (wantsSource) return withSource(found, await sourceAt(code, named, sources));
  if (found.code.startsWith("class ")) return withConstructor(found, code, named, sources);
  return /^(interface|enum) /.test(found.code) ? withShape(found, code, named, sources) : found;
}

async function aboutWord(
  code: string,
  start: number,
  sources: AssistSources,
): Promise<Documentation | undefined> {
  const typed = await ofWord(code, start, sources);
  if (typed && !typed.code.endsWith(": any")) return typed;
  // Of what has no type, the value is all that is known.
  const value = await ofValue(code, start, sources);
  return typed && value
    ? { ...typed, text: joinedTexts(typed.text, value.text) }
    : (typed ?? value);
}

const joinedTexts = (...texts: readonly string[]): string =>
  texts.filter((text) => text !== "").join("\n\n");

async function ofWord(
  code: string,
  start: number,
  { language }: AssistSources,
): Promise<Documentation | undefined> {
  const hover = (await language.hover(code, start, TIME_LIMIT)) as ServerHover | undefined;
  const found = documentationOf(textOfServer(hover?.contents));
  // That is what the server says of names it has never heard of.
  return found.code === "any" || found.code === "" ? undefined : found;
}

async function ofCall(
  code: string,
  offset: number,
  { language }: AssistSources,
): Promise<Documentation | undefined> {
  const help = await language.signatureHelp(code, offset, TIME_LIMIT);
  return help ? documentationOfCall(help as ServerSignatureHelp) : undefined;
}

/** Without a server: the value as it is now. */
async function ofValue(
  code: string,
  start: number,
  { live }: AssistSources,
): Promise<Documentation | undefined> {
  if (quietTokenAt(code, start)) return undefined;
  const { end } = wordAt(code, start + 1);
  const name = code.slice(start, end);
  const { isMember } = wordAt(code, start);
  const chain = isMember ? plainChainBefore(code.slice(0, start)) : undefined;
  if (isMember && chain === undefined) return undefined;
  const look = await live.look(chain === undefined ? name : `${chain}.${name}`);
  if (!look) return undefined;
  const preview = look.preview.map(([key, text]) => (text === "" ? key : `${key}: ${text}`));
  return {
    code: look.isFunction ? look.text : `${name}: ${look.type}`,
    text: preview.length > 0 ? `\`{ ${preview.join(", ")} }\`` : "",
  };
}

async function sourceAt(
  code: string,
  offset: number,
  { language }: AssistSources,
): Promise<SourceText | undefined> {
  const links = await linksAt(code, offset, language);
  const name = code.slice(offset, wordAt(code, offset + 1).end);
  const cell = links.every(isBorrowed) ? language.moduleOf(name) : undefined;
  if (cell === undefined) return sourceOf(links, language, code);
  // To the server, what the cell borrows from an earlier one is declared anew: ask for it by the cell it comes from.
  const question = `${code}\n;export type Asked = typeof import(${JSON.stringify(cell)}).${name};`;
  const origin = await linksAt(question, question.length - 1 - name.length, language);
  return sourceOf(origin, language, code);
}

async function linksAt(
  code: string,
  offset: number,
  language: AssistSources["language"],
): Promise<ServerLink[]> {
  const links = await language.definition(code, offset, TIME_LIMIT);
  return Array.isArray(links) ? (links as ServerLink[]) : [];
}

/** Whether the declaration stands in front of the cell's own text. */
const isBorrowed = ({ targetRange: { end } }: ServerLink): boolean =>
  end.line === 0 && end.character === 0;

function withSource(found: Documentation, source: SourceText | undefined): Documentation {
  if (!source) return found;
  const code = found.text === "" ? source.code : withoutComments(source.code);
  return { ...found, source: { ...source, code } };
}

/** Declarations without the comments above them, which are told already. */
const withoutComments = (code: string): string =>
  code.replace(/(^|\n\n)\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*/g, "$1");

/** An interface's name says little: its members are what one wants to know. */
async function withShape(
  found: Documentation,
  code: string,
  offset: number,
  sources: AssistSources,
): Promise<Documentation> {
  const source = await sourceAt(code, offset, sources);
  if (!source || source.code.split("\n").length > MOST_SHAPE_LINES) return found;
  return { ...found, code: withoutComments(source.code) };
}

/** Of a class one wants to know how it is made. */
async function withConstructor(
  found: Documentation,
  code: string,
  offset: number,
  sources: AssistSources,
): Promise<Documentation> {
  const name = code.slice(offset, wordAt(code, offset + 1).end);
  const question = `${code}\n;new ${name}(`;
  const made = await ofCall(question, question.length, sources);
  if (!made) return found;
  const calls = made.code.split("\n").map((call) => (call.startsWith(name) ? `new ${call}` : call));
  return { ...found, code: [found.code, ...calls].join("\n") };
}

/** Where the name of the function starts whose parentheses hold the offset. */
export function calleeBefore(code: string, offset: number): number | undefined {
  const tokens = tokensOf(code).filter(({ start }) => start < offset);
  let depth = 0;
  for (const { kind, text, start } of tokens.reverse()) {
    if (kind !== "plain") continue;
    if (text === ")") depth++;
    else if (text === "(" && depth-- === 0)
      return wordTouching(code.slice(0, start).trimEnd(), start);
  }
  return undefined;
}
