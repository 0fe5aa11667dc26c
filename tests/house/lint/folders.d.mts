// Types of the import table, for the tests.
export declare const FOLDERS: readonly (readonly [string, RegExp])[];
export declare const ALLOWED: Readonly<Record<string, readonly string[]>>;
export declare function folderOf(path: string): string | undefined;
export declare function importProblem(from: string, to: string): string | undefined;
