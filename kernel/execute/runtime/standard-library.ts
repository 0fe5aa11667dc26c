// The standard library that the types of `esnext` promise, on a Node whose V8 lacks parts of it.
//
// Nothing is loaded before it is used: each missing name is an accessor that puts the real thing in its place.
import { createRequire } from "node:module";

type Load = (moduleName: string) => void;

interface Part {
  readonly owner: object;
  /** Names on the owner, each with the core-js modules that define it. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Defines what is missing. @param load - loads one core-js module by its name */
export function completeStandardLibrary(load: Load = loadModule): void {
  for (const { owner, modules } of parts()) {
    for (const [name, list] of Object.entries(modules)) {
      if (!Object.hasOwn(owner, name))
        defineLater(owner, name, () => list.split(" ").forEach(load));
    }
  }
}

const require = createRequire(import.meta.url);

function loadModule(moduleName: string): void {
  require(`core-js/modules/${moduleName}.js`);
}

function defineLater(owner: object, name: string, load: () => void): void {
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: false,
    get(): unknown {
      // core-js looks whether the name is there already.
      Reflect.deleteProperty(owner, name);
      load();
      return (this as Record<string, unknown>)[name];
    },
    set(value: unknown) {
      Object.defineProperty(this, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });
}

/** What of the standard library is younger than the oldest supported Node. */
function parts(): Part[] {
  const iteratorPrototype = Object.getPrototypeOf(
    Object.getPrototypeOf([][Symbol.iterator]()),
  ) as object;
  const named = (prefix: string, suffix: string, names: string): Record<string, string> =>
    Object.fromEntries(names.split(" ").map((name) => [name, prefix + hyphened(name) + suffix]));
  return [
    { owner: Array, modules: { fromAsync: "es.array.from-async" } },
    {
      owner: ArrayBuffer.prototype,
      modules: named("es.array-buffer.", "", "transfer transferToFixedLength"),
    },
    { owner: Error, modules: { isError: "es.error.is-error" } },
    { owner: Map, modules: { groupBy: "es.map.group-by" } },
    { owner: Map.prototype, modules: named("es.map.", "", "getOrInsert getOrInsertComputed") },
    {
      owner: WeakMap.prototype,
      modules: named("es.weak-map.", "", "getOrInsert getOrInsertComputed"),
    },
    { owner: Math, modules: named("es.math.", "", "f16round sumPrecise") },
    { owner: Object, modules: { groupBy: "es.object.group-by" } },
    { owner: Promise, modules: named("es.promise.", "", "try withResolvers") },
    { owner: RegExp, modules: { escape: "es.regexp.escape" } },
    { owner: Set.prototype, modules: named("es.set.", ".v2", SET_METHODS) },
    { owner: Uint8Array, modules: named("es.uint8-array.", "", "fromBase64 fromHex") },
    { owner: Uint8Array.prototype, modules: named("es.uint8-array.", "", BYTE_METHODS) },
    { owner: iteratorPrototype, modules: named("es.iterator.", "", ITERATOR_METHODS) },
    {
      owner: globalThis,
      modules: { ...named("es.", ".constructor", GLOBAL_CLASSES), Iterator: ITERATOR },
    },
    ...(hasIterators()
      ? [
          {
            owner: (globalThis as unknown as { Iterator: object }).Iterator,
            modules: { concat: "es.iterator.concat" },
          },
        ]
      : []),
  ];
}

const SET_METHODS =
  "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom";
const BYTE_METHODS = "setFromBase64 setFromHex toBase64 toHex";
const ITERATOR_METHODS = "map filter take drop flatMap reduce toArray forEach some every find";
const ITERATOR = "es.iterator.constructor es.iterator.from es.iterator.concat";
const GLOBAL_CLASSES = "SuppressedError DisposableStack AsyncDisposableStack";

/** Whether this Node has iterators with methods of its own. */
const hasIterators = (): boolean =>
  typeof (globalThis as { Iterator?: unknown }).Iterator === "function";

/** `getOrInsert` is `get-or-insert`, `toBase64` is `to-base64`. */
const hyphened = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
