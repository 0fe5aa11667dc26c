// A stand-in for the module "tslab", so that notebooks written for that kernel run unchanged.
import { displayFormats } from "./formats.ts";
import { DisplayError, normalizeBundle, type MimeBundle } from "./mime-bundle.ts";

/** The display object of tslab: every call shows or, on one made by `newDisplay`, replaces. */
export interface TslabDisplay {
  javascript(code: string): void;
  html(markup: string): void;
  markdown(text: string): void;
  latex(formula: string): void;
  svg(drawing: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  raw(mime: string, content: string | Uint8Array): void;
}

/** What `import ... from "tslab"` gives. */
export interface TslabModule {
  display: TslabDisplay;
  newDisplay(): TslabDisplay;
  versions: Readonly<Record<"tslab" | "typescript" | "node", string>>;
}

/** Shows a bundle and gives the way to replace it. */
type Show = (bundle: MimeBundle) => { update(bundle: MimeBundle): void };

/** The version whose interface this is. */
const TSLAB = "1.0.22";
const TYPESCRIPT = "7.0.2";

/** Makes the module; `show` is the kernel's own display. */
export function tslabModule(show: Show): TslabModule {
  return {
    display: displayThrough((bundle) => void show(bundle)),
    newDisplay: () => replacingDisplay(show),
    versions: { tslab: TSLAB, typescript: TYPESCRIPT, node: process.version },
  };
}

function replacingDisplay(show: Show): TslabDisplay {
  let handle: ReturnType<Show> | undefined;
  return displayThrough((bundle) => {
    if (handle) handle.update(bundle);
    else handle = show(bundle);
  });
}

type Format = "javascript" | "html" | "markdown" | "latex" | "svg" | "png" | "jpeg" | "gif" | "pdf";

function displayThrough(put: (bundle: MimeBundle) => void): TslabDisplay {
  const raw = (mime: string, content: string | Uint8Array): void =>
    put(normalizeBundle({ [mime]: content }));
  const as =
    (format: Format, mime: string) =>
    (content: string | Uint8Array): void =>
      put(
        orRaw(
          () => (displayFormats[format] as (one: unknown) => MimeBundle)(content),
          mime,
          content,
        ),
      );
  return {
    javascript: as("javascript", "text/javascript"),
    html: as("html", "text/html"),
    markdown: as("markdown", "text/markdown"),
    latex: as("latex", "text/latex"),
    svg: as("svg", "image/svg+xml"),
    png: as("png", "image/png"),
    jpeg: as("jpeg", "image/jpeg"),
    gif: as("gif", "image/gif"),
    pdf: as("pdf", "application/pdf"),
    text: (text) => raw("text/plain", text),
    raw,
  };
}

/** tslab hands anything on to the page, also what is not of the kind that the method's name says. */
function orRaw(make: () => MimeBundle, mime: string, content: unknown): MimeBundle {
  try {
    return make();
  } catch (error) {
    if (error instanceof DisplayError) return normalizeBundle({ [mime]: content });
    throw error;
  }
}
