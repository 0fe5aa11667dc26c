// Leaves a narrow window to the notebook: the file browser starts folded, one click away.
import { ILabShell, type JupyterFrontEndPlugin } from "@jupyterlab/application";

/** Below so many pixels the side bar would leave a notebook too little to read in. */
const NARROW = 900;

/** Folds the left side bar of a page that is new and narrow; a saved layout stays as it was left. */
export const narrowWindowPlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:narrow-window",
  description: "Starts with the side bar folded in a narrow window.",
  autoStart: true,
  requires: [ILabShell],
  activate: (app, shell: ILabShell) => {
    void Promise.all([shell.restored, app.restored]).then(([layout]) => {
      if (layout.fresh && window.innerWidth < NARROW) shell.collapseLeft();
    });
  },
};
