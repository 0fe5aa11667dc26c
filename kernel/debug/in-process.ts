// Functions that are sent to the process of the user's code and called there: each uses nothing but its own text.

/** The text of a function of this file, as the inspector takes it; the arguments are values there. */
export const sourceOf = (inProcess: (...values: never[]) => unknown): string => String(inProcess);

/**
 * For each value that can show itself at one glance, that text: tensors and their like, and what has a display method.
 *
 * @param hasNumbers - whether to show the numbers of small tensors too
 */
export function glances(hasNumbers: boolean, ...values: unknown[]): (string | null)[] {
  const mostNumbers = 100;
  // V8 takes many a built-in for one that changes something, such as Array.from: these loops do without.
  const nested = (numbers: ArrayLike<number>, shape: readonly number[]): string => {
    let next = 0;
    const write = (axis: number): string => {
      if (axis === shape.length) return String(Number(numbers[next++]!.toPrecision(4)));
      let text = "";
      for (let i = 0; i < shape[axis]!; i++) text += (i > 0 ? ", " : "") + write(axis + 1);
      return `[${text}]`;
    };
    return write(0);
  };
  // Looking the symbol up by its name would count as a change of the program.
  const displayMethod = (value: object): unknown => {
    for (let holder: unknown = value; holder; holder = Object.getPrototypeOf(holder)) {
      const symbols = Object.getOwnPropertySymbols(holder);
      const symbol = symbols.find((one) => String(one) === "Symbol(Jupyter.display)");
      if (symbol) return (value as Record<symbol, unknown>)[symbol];
    }
    return undefined;
  };
  return values.map((value) => {
    try {
      const { shape, dtype, constructor } = value as Record<string, unknown>;
      const name = (constructor as { name?: string } | undefined)?.name ?? "";
      if (Array.isArray(shape) && shape.every((length) => typeof length === "number")) {
        const type = typeof dtype === "string" ? `${dtype} ` : "";
        const head = `${name} ${type}[${shape.join(", ")}]`;
        const size = shape.reduce((product, length) => product * length, 1);
        const copy = (value as { toTypedArray?: () => ArrayLike<number> }).toTypedArray;
        if (!hasNumbers || size > mostNumbers || typeof copy !== "function") return head;
        return `${head} = ${nested(copy.call(value), shape)}`;
      }
      const show = displayMethod(value as object);
      if (typeof show !== "function") return null;
      const bundle = show.call(value) as Record<string, unknown>;
      const text = bundle["text/plain"];
      return typeof text === "string" ? text : null;
    } catch {
      return null;
    }
  });
}

/** A part of an array or a typed array, as an object with the same indices. */
export function partOfList(
  list: ArrayLike<unknown>,
  start: number,
  end: number,
): Record<number, unknown> {
  const part = Object.create(null) as Record<number, unknown>;
  for (let index = start; index < end; index++) if (index in list) part[index] = list[index];
  return part;
}

/** A part of a map or a set: keys and values by turns, a value twice for a set. */
export function partOfEntries(
  collection: Map<unknown, unknown> | Set<unknown>,
  start: number,
  end: number,
): unknown[] {
  const part: unknown[] = [];
  let index = 0;
  for (const [key, value] of collection.entries()) {
    if (index >= end) break;
    if (index++ >= start) part.push(key, value);
  }
  return part;
}

/** All elements of a tensor, in order, unless they are very many. */
export function elementsOf(tensor: {
  readonly shape?: unknown;
  readonly toTypedArray?: () => unknown;
}): unknown {
  const mostElements = 1_000_000;
  const { shape, toTypedArray } = tensor;
  if (!Array.isArray(shape) || typeof toTypedArray !== "function") return undefined;
  const size = shape.reduce((product: number, length: number) => product * length, 1);
  return size <= mostElements ? toTypedArray.call(tensor) : undefined;
}

/** One property, which a getter may compute. */
export function propertyOf(object: Record<string, unknown>, name: string): unknown {
  return object[name];
}

/** Gives a property another value. */
export function setProperty(
  object: Record<string, unknown>,
  name: string,
  value: unknown,
): unknown {
  object[name] = value;
  return object[name];
}

/** Names of the properties of a value, own and inherited, that an expression can end with. */
export function memberNames(value: unknown): string[] {
  const names: string[] = [];
  let holder: unknown = value === null || value === undefined ? undefined : Object(value);
  while (holder && holder !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (/^[A-Za-z_$][\w$]*$/.test(name)) names.push(name);
    }
    holder = Object.getPrototypeOf(holder);
  }
  return names;
}
