// How a message names a file: from the notebook's folder or from its package, not from where a machine keeps it.

/** Folders that names start from. */
export interface NamedFolders {
  /** The notebook's. */
  readonly folder?: string;
  /** Of packages that are installed elsewhere than in a `node_modules`, by their names. */
  readonly ownFolders?: Readonly<Record<string, string>>;
}

/** Such as `models/mine.ts`, or `gradlab/dist/lib/tensor.js`; the whole path of a file that is anywhere else. */
export function fileName(file: string, { folder, ownFolders = {} }: NamedFolders): string {
  const inModules = /.*[/\\]node_modules[/\\](.+)/.exec(file)?.[1];
  if (inModules !== undefined) return inModules;
  const inFolder = folder === undefined ? undefined : inside(file, folder);
  if (inFolder !== undefined) return inFolder;
  for (const [name, own] of Object.entries(ownFolders)) {
    const inOwn = inside(file, own);
    if (inOwn !== undefined) return `${name}/${inOwn}`;
  }
  return file;
}

function inside(file: string, folder: string): string | undefined {
  const path = folder.replace(/[/\\]$/, "");
  const isInside = file.startsWith(path) && /^[/\\]/.test(file.slice(path.length));
  return isInside ? file.slice(path.length + 1) : undefined;
}
