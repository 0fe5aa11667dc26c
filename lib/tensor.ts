// The tensor: a shape, an element type, and a handle to numbers that a backend owns.
import type { Backend, BackendValue } from "./backends/backend.ts";
import { checkSingle } from "./check.ts";
import { type MimeBundle, showItself } from "./display.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { StateError, TracingError, WorkerError } from "./errors.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { tensorHtml, shapeOnlyText, tensorText, unreadableText } from "./tensor-display.ts";

/** Elements as nested arrays; a scalar is the bare number, a `bool` element is a boolean. */
export type NestedArray = number | boolean | readonly NestedArray[];

/**
 * What `toArray` gives, as the type checker sees it, which does not know the rank: an element and a list at once, at every
 * depth. So `x.toArray()[0][0] + 1` is right, and the whole fits `number[][]`; that there are so many axes is for you to know.
 */
export type Elements<Element> = Element & Elements<Element>[];

/** More than these fill a screen when several tensors are shown together. */
const MANY_NUMBERS = 100;

/**
 * An array of numbers of any rank that nobody changes: every op returns a new one.
 *
 * Made by `tensor`, `zeros` and their like. The numbers belong to a backend; while a step is being
 * recorded there are none yet, and reading them is an error that the backend explains.
 */
export class Tensor {
  /** The backend that made `value`. For ops; not for users. */
  readonly backend: Backend;
  /** The backend's handle. For ops; not for users. */
  readonly value: BackendValue;

  /** For ops; users call `tensor`, `zeros`, `fromTypedArray` and their like. */
  constructor(backend: Backend, value: BackendValue) {
    this.backend = backend;
    this.value = value;
    // Tensors share shapes: a cell that writes to one must fail, and not change others.
    Object.freeze(value.shape);
  }

  /** Lengths of the axes, outermost first; a scalar has none. */
  get shape(): Shape {
    return this.value.shape;
  }

  /** Element type. */
  get dtype(): DType {
    return this.value.dtype;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The number in a tensor of one element; a `bool` gives 0 or 1.
   *
   * @throws {ShapeError} when there is more than one element
   */
  item(): number {
    checkSingle(this.shape);
    return this.#numbers()[0]!;
  }

  /** All elements as nested arrays of the tensor's shape; for a `bool` tensor write `toArray<boolean>()`. */
  toArray<Element extends number | boolean = number>(): Elements<NoInfer<Element>> {
    const numbers = this.#numbers();
    let next = 0;
    const build = (axis: number): NestedArray => {
      if (axis < this.rank) return Array.from({ length: this.shape[axis]! }, () => build(axis + 1));
      const number = numbers[next++]!;
      return this.dtype === "bool" ? number === 1 : number;
    };
    return build(0) as Elements<NoInfer<Element>>;
  }

  /** A copy of all elements, row-major; a `bool` is a byte that is 0 or 1. */
  toTypedArray(): TypedArray {
    return this.#numbers().slice();
  }

  /** Readable text: the numbers aligned, long axes shortened in the middle. */
  toString(): string {
    return tensorText(this.#described());
  }

  /** How a notebook shows the tensor: the text, and a small table; it asks by `Symbol.for("Jupyter.display")`. */
  toMimeBundle(): MimeBundle {
    try {
      return { "text/plain": this.toString(), "text/html": tensorHtml(this.#described()) };
    } catch (error) {
      // Its numbers are gone, or not here yet: a line says so, where nobody has computed with them.
      if (!isWithoutNumbers(error)) throw error;
      return { "text/plain": unreadableText(this, error.message) };
    }
  }

  /** The shape alone where there are many numbers: in a list of weights, for example. */
  toShortText(): string {
    return this.size > MANY_NUMBERS ? shapeOnlyText(this) : this.toMimeBundle()["text/plain"]!;
  }

  static {
    showItself(Tensor);
  }

  #numbers(): TypedArray {
    return this.backend.read(this.value);
  }

  #described(): { shape: Shape; dtype: DType; numbers: TypedArray } {
    return { shape: this.shape, dtype: this.dtype, numbers: this.#numbers() };
  }
}

// What a backend answers where a tensor was made by a step that is recorded, or by a run whose numbers are gone.
const isWithoutNumbers = (error: unknown): error is Error =>
  error instanceof TracingError || error instanceof StateError || error instanceof WorkerError;
