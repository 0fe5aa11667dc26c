// Rules of style that the sheets of JupyterLab and its widgets lack.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

const ARROW =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'>" +
  "<path d='M5 7l4 4 4-4' fill='none' stroke='white' stroke-width='1.8'/></svg>";

/** The menus of widgets have an arrow that is black in every theme. */
const DARK_MENUS = `body[data-jp-theme-light="false"] {
  --jp-widgets-dropdown-arrow: url("data:image/svg+xml,${encodeURIComponent(ARROW)}");
}`;

/**
 * JupyterLab measures the items of a notebook's toolbar once, when the kernel's name is still "No Kernel"; a longer name
 * would later fall out of a narrow bar, onto the first cell. With room for it from the start the bar folds it away.
 */
const ROOM_FOR_NAME =
  ".jp-NotebookPanel-toolbar > .jp-KernelName { min-width: 12em; justify-content: flex-end; }";

/** Lines of an error or of printed text end between words; a word that is longer than a line is still cut. */
const WHOLE_WORDS =
  "body .jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }";

/** Adds these rules to the page. */
export const stylePlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:style",
  description:
    "Shows the arrow of widgets' menus in dark themes, keeps the toolbar in its place, and words of outputs whole.",
  autoStart: true,
  activate: () => {
    const style = document.createElement("style");
    style.textContent = [DARK_MENUS, ROOM_FOR_NAME, WHOLE_WORDS].join("\n");
    document.head.append(style);
  },
};
