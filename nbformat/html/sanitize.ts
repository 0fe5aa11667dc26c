// HTML from cells and outputs, reduced to what only shows something: no scripts, no handlers, no forms, no frames.
// Each tag is taken apart and written anew from lists of what is allowed; tags stay balanced inside their cell.
import { escapeHtml } from "./escape.ts";

const HTML_TAGS =
  "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark meter ol p pre progress q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr";
const SVG_TAGS =
  "svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath linearGradient radialGradient stop marker pattern symbol";
const MATH_TAGS =
  "math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle mpadded mphantom menclose mglyph";
const ALLOWED = new Set(`${HTML_TAGS} ${SVG_TAGS} ${MATH_TAGS}`.split(" "));
const CANONICAL = new Map([...ALLOWED].map((tag) => [tag.toLowerCase(), tag]));
/** Tags whose content is not text either. */
const SWALLOWED =
  /<(script|style|iframe|object|embed|noscript|template|textarea|select|xmp|noembed|noframes)\b(?:[^>"']|"[^"]*"|'[^']*')*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const VOID = new Set(["br", "col", "hr", "img", "wbr"]);
/** Names that carry addresses or commands; `href` and `src` are checked on their own. */
const REFUSED_ATTRIBUTE =
  /^(on.*|srcdoc|srcset|action|formaction|ping|background|poster|data|xmlns.*|xlink:.*|http-equiv|target|id|name|contenteditable|tabindex|autofocus|accesskey|draggable)$/i;
const TAG = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][\w:-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>|</g;
const ATTRIBUTE = /([a-zA-Z_][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** How addresses in the HTML are changed before they are checked. */
export interface Addresses {
  image(source: string): string;
  link(target: string): string;
}

const AS_THEY_ARE: Addresses = { image: (source) => source, link: (target) => target };

/** Harmless HTML with the same look; what is not allowed is left out, its text stays. */
export function sanitizeHtml(html: string, addresses: Addresses = AS_THEY_ARE): string {
  const open: string[] = [];
  const written = html
    .replace(SWALLOWED, "")
    .replace(TAG, (whole, slash: string, name: string, rest: string) => {
      if (name === undefined) return whole === "<" ? "&lt;" : "";
      const tag = CANONICAL.get(name.toLowerCase());
      if (tag === undefined) return "";
      if (slash === "/") return closeTag(tag, open);
      const isClosed = VOID.has(tag) || /\/\s*$/.test(rest);
      if (!isClosed) open.push(tag);
      const end = isClosed && !VOID.has(tag) ? `></${tag}>` : ">";
      return `<${tag}${attributes(tag, rest, addresses)}${end}`;
    });
  return (
    written +
    open
      .reverse()
      .map((tag) => `</${tag}>`)
      .join("")
  );
}

/** Closes a tag and what is still open inside it; a closing tag without an opening one is dropped. */
function closeTag(tag: string, open: string[]): string {
  const at = open.lastIndexOf(tag);
  if (at === -1) return "";
  return open
    .splice(at)
    .reverse()
    .map((name) => `</${name}>`)
    .join("");
}

function attributes(tag: string, text: string, addresses: Addresses): string {
  const seen = new Set<string>();
  return [...text.matchAll(ATTRIBUTE)]
    .map(([, name = "", double, single, bare]) => {
      const key = name.toLowerCase();
      const raw = double ?? single ?? bare;
      if (seen.has(key) || REFUSED_ATTRIBUTE.test(key)) return "";
      seen.add(key);
      const value = raw === undefined ? "" : allowedValue(tag, key, decodeEntities(raw), addresses);
      return value === undefined ? "" : ` ${name}="${escapeHtml(value)}"`;
    })
    .join("");
}

/** The value to write, or undefined when the attribute must go. */
function allowedValue(
  tag: string,
  key: string,
  value: string,
  addresses: Addresses,
): string | undefined {
  if (key === "href") return tag === "a" ? safeLink(addresses.link(value)) : undefined;
  if (key === "src") return tag === "img" ? safeImage(addresses.image(value)) : undefined;
  if (key === "style")
    return /url\s*\(|image-set|expression|@import|position\s*:\s*(fixed|sticky)|\\/i.test(value)
      ? undefined
      : value;
  return /url\s*\(\s*['"]?(?!#)/i.test(value) ? undefined : value;
}

function safeLink(target: string): string | undefined {
  const bare = withoutBlanks(target);
  const isSafe = /^(https?:|mailto:)/i.test(bare) || !/^[^/?#]*:/.test(bare);
  return isSafe ? target : undefined;
}

function safeImage(source: string): string | undefined {
  const bare = withoutBlanks(source);
  return /^(https?:|data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,])/i.test(bare)
    ? source
    : undefined;
}

// Browsers ignore blanks and control characters inside the scheme of an address.
function withoutBlanks(address: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return address.replace(/[\u0000-\u0020]+/g, "");
}

const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  colon: ":",
  tab: "\t",
  newline: "\n",
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));?/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}
