// Puts gradlab's logo into the corner where JupyterLab has its own.
import { ILabShell, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { Widget } from "@lumino/widgets";

/** The logo; the server turns JupyterLab's own logo off. */
export const logoPlugin: JupyterFrontEndPlugin<void> = {
  id: "gradlab:logo",
  description: "Shows gradlab's logo.",
  autoStart: true,
  requires: [ILabShell],
  activate: (_app, shell: ILabShell) => {
    const logo = new Widget();
    const image = document.createElement("img");
    image.src = `${PageConfig.getBaseUrl()}static/favicons/favicon.ico`;
    image.alt = "gradlab";
    image.style.cssText = "width: 18px; height: 18px; margin: 4px 2px 4px 8px";
    logo.node.append(image);
    logo.id = "jp-MainLogo";
    shell.add(logo, "top", { rank: 0 });
  },
};
