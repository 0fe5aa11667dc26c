// A notebook's kernel for the library's tests: it keeps what was shown, until the test ends.
import { onTestFinished } from "vitest";

/** One thing shown, by media type. */
type Bundle = Readonly<Record<string, unknown>>;

/** The kernel, what each display shows now, and how often any of them changed. */
export interface FakeKernel {
  readonly interruptFlag: Int32Array;
  readonly displays: Bundle[];
  readonly history: Bundle[];
  display(bundle: Bundle): { id: string; update(bundle: Bundle): void };
}

/** Publishes a fake kernel for the running test. */
export function fakeKernel(): FakeKernel {
  const displays: Bundle[] = [];
  const history: Bundle[] = [];
  const show = (place: number, bundle: Bundle): void => {
    displays[place] = bundle;
    history.push(bundle);
  };
  const kernel: FakeKernel = {
    interruptFlag: new Int32Array(new SharedArrayBuffer(4)),
    displays,
    history,
    display(bundle) {
      const place = displays.length;
      show(place, bundle);
      return { id: String(place), update: (next) => show(place, next) };
    },
  };
  const key = Symbol.for("Jupyter.kernel");
  Object.defineProperty(globalThis, key, { value: kernel, configurable: true });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key));
  return kernel;
}
