// Reads markup strictly, as an XML parser would: enough to prove that a picture is well formed.

/** One element: its name, its attributes, and the text directly inside it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const TOKEN =
  /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot);)*")*)\s*(\/?)>|([^<>&]+)|(&(?:amp|lt|gt|quot);)/y;

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
};

/** All elements of a document in order; throws a SyntaxError at the first place that is no well-formed XML. */
export function readXml(text: string): XmlElement[] {
  const all: XmlElement[] = [];
  const open: XmlElement[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const token = TOKEN.exec(text);
    if (token === null) throw new SyntaxError(`not XML at "${text.slice(at, at + 60)}"`);
    at = TOKEN.lastIndex;
    const [, closing, name, attributes = "", selfClosing, plain, entity] = token;
    if (name === undefined) {
      const parent = open.at(-1);
      if (parent === undefined) throw new SyntaxError("text outside of the root element");
      parent.text += plain ?? ENTITIES[entity ?? ""] ?? "";
    } else if (closing === "/") {
      if (open.pop()?.name !== name) throw new SyntaxError(`</${name}> closes another element`);
    } else {
      const element = { name, attributes: readAttributes(attributes), text: "" };
      all.push(element);
      if (selfClosing !== "/") open.push(element);
    }
  }
  if (open.length > 0) throw new SyntaxError(`<${open.at(-1)?.name}> is never closed`);
  return all;
}

function readAttributes(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
    ([, key = "", value = ""]): [string, string] => [
      key,
      value.replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity),
    ],
  );
  if (new Set(found.map(([key]) => key)).size < found.length) {
    throw new SyntaxError(`an attribute stands twice in ${text}`);
  }
  return Object.fromEntries(found);
}
