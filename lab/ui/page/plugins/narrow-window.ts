// Leaves a narrow window to the notebook: the file browser starts folded, one click away.
import { ILabShell, type JupyterFrontEndPlugin } from "@jupyterlab/application";

/** Below so many pixels the side bar would leave a notebook too little to read in. */
const NARROW = 900;

/**
 * JupyterLab measures the items of a notebook's toolbar once, when the kernel's name is still "No Kernel"; a longer name
 * would later fall out of a narrow bar, onto the first cell. With room for it from the start the bar folds it away.
 */
const ROOM_FOR_NAME =
  ".jp-NotebookPanel-toolbar > .jp-KernelName { min-width: 12em; justify-content: flex-end; }";

/** Folds the left side bar of a page that is new and narrow; a saved layout stays as it was left. */
export const narrowWindowPlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:narrow-window",
  description:
    "Starts with the side bar folded in a narrow window, and keeps the toolbar in its place.",
  autoStart: true,
  requires: [ILabShell],
  activate: (app, shell: ILabShell) => {
    const style = document.createElement("style");
    style.textContent = ROOM_FOR_NAME;
    document.head.append(style);
    void Promise.all([shell.restored, app.restored]).then(([layout]) => {
      if (layout.fresh && window.innerWidth < NARROW) shell.collapseLeft();
    });
  },
};
