// Texts that values give of themselves, such as a tensor's shape and numbers, asked for without any effect on the program.
import type { Runtime } from "node:inspector";
import type { InspectorClient } from "../execute/inspector-client.ts";
import { glances, sourceOf } from "./in-process.ts";

/**
 * What each value says of itself at one glance; null for those that say nothing.
 *
 * V8 refuses code that would change anything, so that looking never does.
 */
export async function glancesOf(
  inspector: InspectorClient,
  values: readonly Runtime.RemoteObject[],
): Promise<(string | null)[]> {
  const texts: (string | null)[] = values.map(() => null);
  const asked = [...values.keys()].filter((index) => maySpeak(values[index]!));
  if (asked.length === 0) return texts;
  const ids = asked.map((index) => values[index]!.objectId!);
  const answers =
    (await ask(inspector, ids, true)) ??
    (await Promise.all(ids.map((id) => askAlone(inspector, id))));
  for (const [at, index] of asked.entries()) texts[index] = answers[at] ?? null;
  return texts;
}

const maySpeak = ({ type, subtype, objectId }: Runtime.RemoteObject): boolean =>
  type === "object" && subtype === undefined && objectId !== undefined;

/** One value whose numbers cannot be read may still tell its shape. */
async function askAlone(inspector: InspectorClient, id: string): Promise<string | null> {
  const answer = (await ask(inspector, [id], true)) ?? (await ask(inspector, [id], false));
  return answer?.[0] ?? null;
}

async function ask(
  inspector: InspectorClient,
  ids: readonly string[],
  hasNumbers: boolean,
): Promise<(string | null)[] | undefined> {
  try {
    const { result, exceptionDetails } = await inspector.post<Runtime.CallFunctionOnReturnType>(
      "Runtime.callFunctionOn",
      {
        objectId: ids[0],
        functionDeclaration: sourceOf(glances),
        arguments: [{ value: hasNumbers }, ...ids.map((objectId) => ({ objectId }))],
        returnByValue: true,
        throwOnSideEffect: true,
        silent: true,
      },
    );
    return exceptionDetails ? undefined : (result.value as (string | null)[]);
  } catch {
    return undefined;
  }
}
