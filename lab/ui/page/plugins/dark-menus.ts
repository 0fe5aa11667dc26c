// Gives the menus of widgets an arrow that is seen in dark themes too: theirs is black in every theme.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

const ARROW =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'>" +
  "<path d='M5 7l4 4 4-4' fill='none' stroke='white' stroke-width='1.8'/></svg>";

/** The arrow, as the widgets' own style sheet asks for it. */
export const darkMenusPlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:dark-menus",
  description: "Shows the arrow of the widgets' menus in dark themes.",
  autoStart: true,
  activate: () => {
    const style = document.createElement("style");
    const url = `url("data:image/svg+xml,${encodeURIComponent(ARROW)}")`;
    style.textContent = `body[data-jp-theme-light="false"] { --jp-widgets-dropdown-arrow: ${url}; }`;
    document.head.append(style);
  },
};
