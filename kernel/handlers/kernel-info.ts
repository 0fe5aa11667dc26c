// kernel_info_request: what this kernel is and which language it speaks.
import { PROTOCOL_VERSION } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";
import { SUBSHELLS_FEATURE } from "./subshells.ts";

/** The version of TypeScript whose syntax cells may use. */
const LANGUAGE_VERSION = "7.0";

/** Answers `kernel_info_request`. */
export const kernelInfo: Handler = (_request, kernel) => ({
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "gradlab",
  implementation_version: kernel.version,
  // No codemirror_mode: with one, JupyterLab highlights the cells as another language.
  language_info: {
    name: "typescript",
    version: LANGUAGE_VERSION,
    mimetype: "application/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `gradlab ${kernel.version}: TypeScript ${LANGUAGE_VERSION} on Node ${process.versions.node}`,
  debugger: true,
  supported_features: ["debugger", SUBSHELLS_FEATURE],
  help_links: [
    { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
    { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
  ],
});
