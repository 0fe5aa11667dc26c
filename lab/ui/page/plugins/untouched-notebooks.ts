// A notebook that was only opened is not a changed notebook.
// JupyterLab notes the running kernel's language and version in it and calls that a change: it would ask whether to
// save, save by itself after two minutes, and a chapter that nobody touched would no longer take updates.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type INotebookModel, type NotebookPanel } from "@jupyterlab/notebook";

/** Takes back the mark of a change while nothing but the kernel's own notes differs from the file. */
export const untouchedNotebooksPlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:untouched-notebooks",
  description: "Leaves notebooks unchanged that were only opened.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app, tracker: INotebookTracker) => {
    tracker.widgetAdded.connect((_tracker, panel) => {
      void panel.context.ready.then(() => watch(panel));
    });
  },
};

function watch({ model }: NotebookPanel): void {
  if (model === null) return;
  const opened = contentOf(model);
  const check = (): void => {
    if (!model.dirty) return;
    if (contentOf(model) === opened) model.dirty = false;
    else model.stateChanged.disconnect(check); // from here on it is the learner's
  };
  model.stateChanged.connect(check);
  check();
}

/** Everything but what JupyterLab writes about the kernel. */
function contentOf(model: INotebookModel): string {
  const { metadata, ...content } = model.sharedModel.toJSON();
  const { kernelspec: _kernelspec, language_info: _languageInfo, ...rest } = metadata;
  return JSON.stringify({ ...content, metadata: rest });
}
