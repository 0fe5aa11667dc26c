// A stand-in for the module "tslab", so that notebooks written for that kernel run unchanged.
import { displayFormats } from "./formats.ts";
import { normalizeBundle } from "./mime-bundle.ts";
import type { MimeBundle } from "./mime-bundle.ts";

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
  versions: Readonly<Record<string, string>>;
}

/** Shows a bundle and gives the way to replace it. */
type Show = (bundle: MimeBundle) => { update(bundle: MimeBundle): void };

/** Makes the module; `show` is the kernel's own display. */
export function tslabModule(show: Show, versions: Readonly<Record<string, string>>): TslabModule {
  const display = displayThrough((bundle) => void show(bundle));
  return { display, newDisplay: () => replacingDisplay(show), versions };
}

function replacingDisplay(show: Show): TslabDisplay {
  let handle: ReturnType<Show> | undefined;
  return displayThrough((bundle) => {
    if (handle) handle.update(bundle);
    else handle = show(bundle);
  });
}

function displayThrough(put: (bundle: MimeBundle) => void): TslabDisplay {
  return {
    javascript: (code) => put(displayFormats.javascript(code)),
    html: (markup) => put(displayFormats.html(markup)),
    markdown: (text) => put(displayFormats.markdown(text)),
    latex: (formula) => put(displayFormats.latex(formula)),
    svg: (drawing) => put(displayFormats.svg(drawing)),
    png: (bytes) => put(displayFormats.png(bytes)),
    jpeg: (bytes) => put(displayFormats.jpeg(bytes)),
    gif: (bytes) => put(displayFormats.gif(bytes)),
    pdf: (bytes) => put(displayFormats.pdf(bytes)),
    text: (text) => put(displayFormats.text(text)),
    raw: (mime, content) => put(normalizeBundle({ [mime]: content })),
  };
}
