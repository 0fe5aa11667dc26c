// The types of the stand-in for the module "tslab", as text: the language server opens it beside the kernel's globals.

/** An ambient declaration file for `import ... from "tslab"`. */
export const TSLAB_TYPES = `declare module "tslab" {
  /** Shows content of one MIME type each. */
  export interface Display {
    /** Runs JavaScript in the page. */
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    /** Shows a formula. */
    latex(s: string): void;
    svg(s: string): void;
    /** Shows the bytes of a PNG file. */
    png(b: Uint8Array): void;
    /** Shows the bytes of a JPEG file. */
    jpeg(b: Uint8Array): void;
    /** Shows the bytes of a GIF file. */
    gif(b: Uint8Array): void;
    /** Shows the bytes of a PDF file. */
    pdf(b: Uint8Array): void;
    text(s: string): void;
    /** Shows content of any MIME type. */
    raw(contentType: string, b: string | Uint8Array): any;
  }
  /** Shows content below the cell. */
  export const display: Display;
  /** Makes a display with one place: each call replaces what it has shown before. */
  export function newDisplay(): Display;
  /** Which tslab this module stands in for, and what it runs on. */
  export const versions: { tslab: string; typescript: string; node: string };
}
`;
