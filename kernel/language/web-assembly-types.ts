// WebAssembly for the language server: Node has it, while TypeScript declares it with the types of browsers only.

/** Declarations that agree with those of a browser where both are present. */
export const WEB_ASSEMBLY_TYPES = `declare namespace WebAssembly {
  type Bytes = ArrayBufferView | ArrayBuffer;
  type Imports = Record<string, Record<string, unknown>>;
  interface Module {}
  interface Instance { readonly exports: Record<string, Function | Memory | Table | Global> }
  interface Memory { readonly buffer: ArrayBuffer; grow(pages: number): number }
  interface Table { readonly length: number; get(index: number): any; grow(by: number): number }
  interface Global { value: any; valueOf(): any }
  interface Source { readonly module: Module; readonly instance: Instance }
  var Module: { new (bytes: Bytes): Module };
  var Instance: { new (module: Module, imports?: Imports): Instance };
  var Memory: { new (size: { initial: number; maximum?: number; shared?: boolean }): Memory };
  var Table: { new (options: { element: string; initial: number; maximum?: number }): Table };
  var Global: { new (options: { value: string; mutable?: boolean }, value?: any): Global };
  function compile(bytes: Bytes): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<Source>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function validate(bytes: Bytes): boolean;
}`;
