// What the page is told about its server: addresses, versions, and which plugins stay off.

/**
 * Plugins of the page that this server has no part for, that would call home, or that gradlab's own stand in for.
 *
 * The language-server plugins stay off together with lsp-extension: without it they fail at every start.
 */
const DISABLED = [
  "@jupyterlab/application-extension:logo",
  "@jupyterlab/apputils-extension:announcements",
  "@jupyterlab/lsp-extension",
  "@jupyterlab/fileeditor-extension:language-server",
  "@jupyterlab/notebook-extension:language-server",
  "@jupyterlab/terminal-extension",
  "@jupyterlab/pluginmanager-extension",
] as const;

/** What differs from one page to the next. */
export interface PageAddress {
  /** One document fills the page, or many share it. */
  readonly mode: "multiple-document" | "single-document";
  readonly workspace: string;
  /** Path of the file to open, relative to the root; may be empty. */
  readonly treePath: string;
}

/** The configuration of one page, as JupyterLab's PageConfig reads it. The token is not in it: the cookie is enough. */
export function pageConfig(
  address: PageAddress,
  options: { version: string; root: string; disabledExtensions: readonly string[] },
): Readonly<Record<string, unknown>> {
  return {
    appName: "gradlab",
    appNamespace: "lab",
    appVersion: options.version,
    ...addresses(),
    mode: address.mode,
    workspace: address.workspace,
    treePath: address.treePath,
    preferredPath: "/",
    serverRoot: options.root,
    rootUri: `file://${options.root}`,
    notebookVersion: "[2, 14, 0]",
    token: "",
    terminalsAvailable: "false",
    buildAvailable: "false",
    buildCheck: "false",
    devMode: "false",
    exposeAppInBrowser: "false",
    quitButton: "true",
    notebookStartsKernel: "true",
    cacheFiles: "true",
    allow_hidden_files: false,
    delete_to_trash: false,
    disabledExtensions: [...DISABLED, ...options.disabledExtensions],
    deferredExtensions: [],
    federated_extensions: [],
    ignorePlugins: [],
  };
}

function addresses(): Record<string, string> {
  const lab = "/lab";
  const both = (name: string, path: string): [string, string][] => [
    [name, path],
    [`full${name.charAt(0).toUpperCase()}${name.slice(1)}`, path],
  ];
  return {
    baseUrl: "/",
    wsUrl: "",
    fullStaticUrl: `${lab}/static`,
    ...Object.fromEntries([
      ...both("appUrl", lab),
      ...both("labextensionsUrl", `${lab}/extensions`),
      ...both("settingsUrl", `${lab}/api/settings`),
      ...both("workspacesApiUrl", `${lab}/api/workspaces`),
      ...both("themesUrl", `${lab}/api/themes`),
      ...both("licensesUrl", `${lab}/api/licenses`),
      ...both("translationsApiUrl", `${lab}/api/translations`),
      ...both("treeUrl", `${lab}/tree`),
      ...both("listingsUrl", `${lab}/api/listings`),
    ]),
  };
}
