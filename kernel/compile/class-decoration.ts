// What compiled classes with decorators call: the decorator proposal of May 2023, at run time.

type Initializer = (this: unknown) => void;
type Decorator = (value: unknown, context: DecoratorContext) => unknown;

/** The second argument of a decorator. */
interface DecoratorContext {
  kind: string;
  name: string | symbol | undefined;
  metadata: object;
  addInitializer(initializer: Initializer): void;
  static?: boolean;
  private?: boolean;
  access?: object;
}

/** A decorated member, as compiled code lists it. */
interface DecoratedMember {
  index: number;
  kind: "method" | "get" | "set" | "field" | "accessor";
  name: string | symbol;
  static: boolean;
  private: boolean;
  access: object;
  decorators: Decorator[];
}

/** A property descriptor whose parts are plain values, as decorators see them. */
interface Parts {
  get?: unknown;
  set?: unknown;
  value?: unknown;
  init?: (this: unknown, value: unknown) => unknown;
}

type Constructor = abstract new (...values: never[]) => unknown;

/** The state of one decorated class: what its decorators returned and registered. */
class ClassDecoration {
  /** Values of computed keys, by member. */
  readonly keys: PropertyKey[] = [];
  metadata: object = {};
  readonly #initials = new Map<number, ((this: unknown, value: unknown) => unknown)[]>();
  readonly #afterFields = new Map<number, Initializer[]>();
  readonly #onConstruct: Initializer[] = [];

  /** Applies the decorators of all members: methods before fields, static ones first. */
  apply(target: Constructor, members: DecoratedMember[]): void {
    const parent = Object.getPrototypeOf(target) as Record<symbol, object> | null;
    this.metadata = Object.create(parent?.[METADATA] ?? null) as object;
    const onClass: Initializer[] = [];
    for (const member of members.toSorted((a, b) => rank(a) - rank(b))) {
      if (member.kind === "field") this.#field(member);
      else this.#method(target, member, member.static ? onClass : this.#onConstruct);
    }
    for (const initializer of onClass) initializer.call(target);
  }

  /** Runs when an instance begins to exist. */
  construct(instance: unknown): void {
    for (const initializer of this.#onConstruct) initializer.call(instance);
  }

  /** The first value of a field or accessor after its decorators. */
  initial(index: number, self: unknown, value: unknown): unknown {
    const steps = this.#initials.get(index) ?? [];
    return steps.reduce((current, step) => step.call(self, current), value);
  }

  /** Runs what the decorators of a field registered, after it is defined. */
  initialized(index: number, self: unknown): void {
    for (const initializer of this.#afterFields.get(index) ?? []) initializer.call(self);
  }

  #field(member: DecoratedMember): void {
    const after: Initializer[] = [];
    for (const decorator of member.decorators.toReversed()) {
      const initial = call(decorator, undefined, this.#context(member, after));
      if (initial !== undefined) this.#addInitial(member.index, requireFunction(initial, member));
    }
    this.#afterFields.set(member.index, after);
  }

  #method(target: Constructor, member: DecoratedMember, initializers: Initializer[]): void {
    if (member.private) {
      throw new TypeError(
        `A decorator stands on the private ${member.kind} ${String(member.name)}, which this kernel cannot decorate. Make it public, or remove the decorator.`,
      );
    }
    const holder = member.static ? target : (target.prototype as object);
    const descriptor = Object.getOwnPropertyDescriptor(holder, member.name)! as Parts;
    const after: Initializer[] = member.kind === "accessor" ? [] : initializers;
    for (const decorator of member.decorators.toReversed()) {
      const context = this.#context(member, after);
      if (member.kind === "accessor") this.#accessor(descriptor, member, { decorator, context });
      else replacePart(descriptor, member, call(decorator, partOf(descriptor, member), context));
    }
    if (member.kind === "accessor") this.#afterFields.set(member.index, after);
    Object.defineProperty(holder, member.name, descriptor as PropertyDescriptor);
  }

  #accessor(
    descriptor: Parts,
    member: DecoratedMember,
    { decorator, context }: { decorator: Decorator; context: DecoratorContext },
  ): void {
    const made = call(decorator, { get: descriptor.get, set: descriptor.set }, context);
    if (made === undefined) return;
    const { get, set, init } = made as Parts;
    if (get) descriptor.get = get;
    if (set) descriptor.set = set;
    if (init) this.#addInitial(member.index, init);
  }

  #addInitial(index: number, step: (this: unknown, value: unknown) => unknown): void {
    this.#initials.set(index, [...(this.#initials.get(index) ?? []), step]);
  }

  #context(member: DecoratedMember, initializers: Initializer[]): DecoratorContext {
    const kind = member.kind === "get" ? "getter" : member.kind === "set" ? "setter" : member.kind;
    return {
      kind,
      name: member.name,
      static: member.static,
      private: member.private,
      access: member.access,
      metadata: this.metadata,
      addInitializer: (initializer) => void initializers.push(initializer),
    };
  }
}

const METADATA: symbol =
  (Symbol as unknown as { metadata?: symbol }).metadata ?? Symbol.for("Symbol.metadata");

/**
 * Defines a class and applies its own decorators.
 *
 * @param decorators - those of the class, in source order
 * @param define - makes the class, whose body calls the decoration for its members
 */
export function decorate<C extends Constructor>(
  decorators: readonly Decorator[],
  define: (decoration: ClassDecoration) => C,
): C {
  const decoration = new ClassDecoration();
  const initializers: Initializer[] = [];
  let made = define(decoration);
  const { name } = made;
  Object.defineProperty(made, METADATA, {
    value: decoration.metadata,
    configurable: true,
    writable: true,
  });
  for (const decorator of decorators.toReversed()) {
    const replaced = call(decorator, made, {
      kind: "class",
      name: name === "" ? undefined : name,
      metadata: decoration.metadata,
      addInitializer: (initializer) => void initializers.push(initializer),
    });
    if (replaced !== undefined) made = replaced as C;
  }
  for (const initializer of initializers) initializer.call(made);
  return made;
}

function rank(member: DecoratedMember): number {
  return (member.kind === "field" ? 2 : 0) + (member.static ? 0 : 1);
}

function call(decorator: Decorator, value: unknown, context: DecoratorContext): unknown {
  if (typeof decorator !== "function") {
    throw new TypeError(
      `A decorator must be a function, got ${String(decorator)} on ${String(context.name)}. Write @name for a function, or @name(...) for a call that returns one.`,
    );
  }
  return decorator(value, context);
}

function requireFunction(value: unknown, member: DecoratedMember): (value: unknown) => unknown {
  if (typeof value === "function") return value as (value: unknown) => unknown;
  throw new TypeError(
    `A decorator of ${String(member.name)} must return a function or undefined, got ${String(value)}. Return the replacement, or nothing.`,
  );
}

const partName = (member: DecoratedMember): "get" | "set" | "value" =>
  member.kind === "get" || member.kind === "set" ? member.kind : "value";

const partOf = (descriptor: Parts, member: DecoratedMember): unknown =>
  descriptor[partName(member)];

function replacePart(descriptor: Parts, member: DecoratedMember, made: unknown): void {
  if (made !== undefined) descriptor[partName(member)] = requireFunction(made, member);
}
