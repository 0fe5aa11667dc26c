// The function whose parentheses hold the cursor, as documentation: what Shift-Tab shows behind `f(`.
import { explanationIn, type Documentation } from "./documentation.ts";
import { textOfServer, type ServerSignatureHelp } from "./server-answers.ts";

/** Overloads that are shown beside the one that fits. */
const MOST_SIGNATURES = 5;

/** The documentation of the call; undefined when there is no signature. */
export function documentationOfCall(help: ServerSignatureHelp): Documentation | undefined {
  const active = help.signatures[help.activeSignature ?? 0];
  if (!active) return undefined;
  const others = help.signatures.filter((one) => one !== active);
  const shown = [active, ...others.slice(0, MOST_SIGNATURES - 1)];
  const lines = shown.map(({ label }) => label);
  const hidden = help.signatures.length - shown.length;
  if (hidden > 0) lines.push(`// and ${hidden} more`);
  const parameters = (active.parameters ?? []).flatMap(({ label, documentation }) => {
    const text = textOfServer(documentation).replace(/^- /, "");
    return text === "" ? [] : [`*@param* \`${nameOf(label, active.label)}\` — ${text}`];
  });
  return {
    code: lines.join("\n"),
    text: explanationIn(
      [textOfServer(active.documentation), ...parameters].filter(Boolean).join("\n\n"),
    ),
  };
}

/** The name of a parameter, whose label is its text or its range in the signature. */
function nameOf(label: unknown, signature: string): string {
  const [start = 0, end = 0] = Array.isArray(label) ? (label as number[]) : [];
  const text = typeof label === "string" ? label : signature.slice(start, end);
  return text.replace(/\??:[\s\S]*$/, "").replace(/^\.\.\./, "");
}
