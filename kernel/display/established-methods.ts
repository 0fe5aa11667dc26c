// Values that show themselves in ways that other programs have established: toHTML, toSVG, canvases, elements.
import { types } from "node:util";
import { chartBundle } from "./chart-specs.ts";
import { normalizeBundle, type MimeBundle } from "./mime-bundle.ts";
import { plainText } from "./plain-text.ts";

type Members = Readonly<Record<string, unknown>>;
type Form = (value: Members) => unknown;

/** Ways of showing, most faithful first; each gives undefined when the value does not know it. */
const FORMS: readonly Form[] = [canvasForm, svgForm, htmlForm, elementForm, specificationForm];

/** The forms that a value's own well-known methods give; undefined when it has none of them. */
export function establishedBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  // A proxy may answer any name with a function, such as a client of a remote service.
  if (types.isProxy(value)) return undefined;
  for (const form of FORMS) {
    const made = form(value as Members);
    if (made === undefined) continue;
    if (!types.isPromise(made)) return complete(made, value);
    return made.then((bundle) => complete(bundle ?? {}, value));
  }
  return undefined;
}

function complete(bundle: unknown, value: object): MimeBundle {
  const normal = normalizeBundle(bundle);
  return "text/plain" in normal ? normal : { ...normal, "text/plain": plainText(value) };
}

/** Calls a method of `value`; undefined when there is none of this name. */
function call(value: Members, method: string, ...values: unknown[]): unknown {
  const found = value[method];
  return typeof found === "function"
    ? (found as (...all: unknown[]) => unknown).apply(value, values)
    : undefined;
}

function canvasForm(value: Members): unknown {
  if (typeof value["toDataURL"] === "function") {
    const made = call(value, "toDataURL");
    return types.isPromise(made) ? made.then(dataUrlBundle) : dataUrlBundle(made);
  }
  if (typeof value["getContext"] !== "function") return undefined;
  const bytes = call(value, "toBuffer", "image/png");
  return bytes instanceof Uint8Array
    ? { "image/png": bytes, "text/plain": "PNG image" }
    : undefined;
}

function dataUrlBundle(url: unknown): MimeBundle | undefined {
  const found = typeof url === "string" ? /^data:(image\/[\w.+-]+);base64,/.exec(url) : null;
  if (!found) return undefined;
  const mime = found[1]!;
  const kind = mime.slice("image/".length).toUpperCase();
  return {
    [mime]: (url as string).slice(found[0].length),
    "text/plain": `${kind} image of a canvas`,
  };
}

function svgForm(value: Members): unknown {
  const drawing = call(value, "toSVG");
  return typeof drawing === "string" && /<svg[\s>]/.test(drawing) ? svgBundle(drawing) : undefined;
}

function htmlForm(value: Members): unknown {
  const markup = call(value, "toHTML");
  return typeof markup === "string" ? { "text/html": markup } : undefined;
}

/** An element of a document: its markup, or a drawing when it is one. */
function elementForm(value: Members): unknown {
  const markup = value["outerHTML"];
  if (typeof markup !== "string" || markup === "") return undefined;
  if (/^<svg[\s>]/.test(markup)) return svgBundle(markup);
  return { "text/html": markup, "text/plain": markup };
}

function svgBundle(drawing: string): MimeBundle {
  // A drawing inside a page may do without the name space, a drawing by itself may not.
  const isNamed = /<svg[^>]*\sxmlns=/.test(drawing);
  const whole = isNamed
    ? drawing
    : drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  return { "image/svg+xml": whole, "text/plain": "SVG image" };
}

/** Builders of Vega charts make their specification on demand. */
function specificationForm(value: Members): unknown {
  const specification = call(value, "toSpec") ?? call(value, "toSpecification");
  return specification === undefined ? undefined : chartBundle(specification);
}
