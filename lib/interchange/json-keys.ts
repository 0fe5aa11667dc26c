// A key that stands twice in an object of a JSON text: the engine's parser keeps the last one and says nothing.

/** The first key that some object of a valid JSON text has twice. */
export function repeatedKey(text: string): string | undefined {
  // One set of keys for each object that is open.
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{") open.push(new Set());
    if (character === "}") open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, at);
    if (isFollowedByColon(text, end)) {
      const key = JSON.parse(text.slice(at, end)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    at = end - 1;
  }
  return undefined;
}

// The place behind the closing quote of the string that starts at `start`.
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (/\s/.test(text[at] ?? "")) at++;
  return text[at] === ":";
}
