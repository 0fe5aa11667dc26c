// Puts JupyterLab together from its extensions and gradlab's own few, and starts it.
import { JupyterLab, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { JupyterPluginRegistry, PageConfig } from "@jupyterlab/coreutils";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { IConnectionStatus, IServiceManager } from "@jupyterlab/services";
import { pluginModules, rendererModules } from "gradlab-extensions";
import { plotlyExtension } from "./plotly-renderer.ts";
import { logoPlugin } from "./plugins/logo.ts";
import { narrowWindowPlugin } from "./plugins/narrow-window.ts";
import { stylePlugin } from "./plugins/style.ts";
import { untouchedNotebooksPlugin } from "./plugins/untouched-notebooks.ts";

type Plugin = JupyterFrontEndPlugin<unknown>;

/** Starts JupyterLab in this page, and marks the time when the layout is restored. */
export async function startLab(): Promise<void> {
  const chosen = choosePlugins([
    ...(pluginModules.flatMap(exportsOf) as Plugin[]),
    logoPlugin,
    narrowWindowPlugin,
    stylePlugin,
    untouchedNotebooksPlugin,
  ]);
  const renderers = [
    ...rendererModules.flatMap(exportsOf),
    plotlyExtension,
  ] as IRenderMime.IExtension[];
  const pluginRegistry = new JupyterPluginRegistry();
  pluginRegistry.registerPlugins(chosen.plugins);
  const connectionStatus = await pluginRegistry.resolveOptionalService(IConnectionStatus);
  const lab = new JupyterLab({
    pluginRegistry,
    serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
    ...(connectionStatus && { connectionStatus }),
    // JupyterLab takes an extension as well as a module that exports some; its types know only the module.
    mimeExtensions: renderers as unknown as IRenderMime.IExtensionModule[],
    disabled: { matches: chosen.disabled, patterns: [] },
    deferred: { matches: chosen.deferred, patterns: [] },
    availablePlugins: chosen.available,
  });
  void lab.start({ ignorePlugins: chosen.deferred, bubblingKeydown: true });
  await lab.restored;
  performance.mark("gradlab-restored");
  // Under this name JupyterLab's own tools and tests find the application.
  (window as unknown as { jupyterapp: JupyterLab }).jupyterapp = lab;
}

interface ChosenPlugins {
  readonly plugins: Plugin[];
  readonly disabled: string[];
  readonly deferred: string[];
  readonly available: JupyterLab.IPluginInfo[];
}

function choosePlugins(all: readonly Plugin[]): ChosenPlugins {
  const isDisabled = (plugin: Plugin): boolean => PageConfig.Extension.isDisabled(plugin.id);
  return {
    plugins: all.filter((plugin) => !isDisabled(plugin)),
    disabled: all.filter(isDisabled).map(({ id }) => id),
    deferred: all.filter(({ id }) => PageConfig.Extension.isDeferred(id)).map(({ id }) => id),
    available: all.map((plugin) => ({
      id: plugin.id,
      description: plugin.description ?? "",
      requires: plugin.requires ?? [],
      optional: plugin.optional ?? [],
      provides: plugin.provides ?? null,
      autoStart: plugin.autoStart ?? false,
      enabled: !isDisabled(plugin),
      extension: plugin.id.split(":")[0] ?? plugin.id,
    })),
  };
}

function exportsOf(module: unknown): unknown[] {
  const exported = (module as { default?: unknown }).default ?? module;
  return Array.isArray(exported) ? exported : [exported];
}
