// Coloured source code, each token with one colour for the light and one for the dark theme.
import { escapeHtml } from "./escape.ts";

/** Turns code into an HTML `<pre>` element. */
export type Highlight = (code: string, language: string) => string;

const THEMES = { light: "github-light-default", dark: "github-dark-default" } as const;
const ALIASES: Record<string, string> = {
  ipython: "python",
  ipython3: "python",
  sh: "bash",
  shell: "bash",
};

/** Prepares a highlighter for the languages that occur; other ones come out uncoloured. */
export async function loadHighlighter(languages: readonly string[]): Promise<Highlight> {
  const { bundledLanguages, getSingletonHighlighter } = await import("shiki");
  const known = [...new Set(languages.map(canonicalName))].filter(
    (name) => name in bundledLanguages,
  );
  const highlighter = await getSingletonHighlighter({
    themes: Object.values(THEMES),
    langs: known,
  });
  return (code, language) => {
    const lang = canonicalName(language);
    if (!known.includes(lang)) return `<pre class="code"><code>${escapeHtml(code)}</code></pre>`;
    return highlighter.codeToHtml(code, { lang, themes: THEMES, defaultColor: false });
  };
}

function canonicalName(language: string): string {
  const name = language.trim().toLowerCase();
  return ALIASES[name] ?? name;
}
