// The first script of the page: points the bundler at the server's folder, then loads JupyterLab.
import { PageConfig } from "@jupyterlab/coreutils";

// oxlint-disable-next-line prefer-const -- the bundler reads what is assigned to this name
declare let __webpack_public_path__: string;
__webpack_public_path__ = `${PageConfig.getOption("fullStaticUrl")}/`;

void import("./lab.ts")
  .then((lab) => lab.startLab())
  .catch((error: unknown) => {
    console.error(error);
    const text = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
    const box = document.createElement("pre");
    box.textContent = `JupyterLab could not start. Reload the page; if that does not help, stop and start gradlab again.\n\n${text}`;
    document.body.replaceChildren(box);
  });
