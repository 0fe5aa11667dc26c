// The runner in the caller's thread: nothing else happens there while a graph runs.
import type { OnnxRuntime } from "../../backends/onnx/runtime.ts";
import { Engine } from "./engine.ts";
import { disposed, type Runner } from "./runner.ts";

/** Runs plans in this thread. */
export function threadRunner(runtime: OnnxRuntime): Runner {
  let alive: Engine | undefined = new Engine(runtime);
  const engine = (): Engine => {
    if (alive === undefined) throw disposed();
    return alive;
  };
  return {
    get hasEnded() {
      return alive === undefined;
    },
    add: async (shapes) => engine().add(shapes),
    hold: async (constant, numbers) => engine().hold(constant, numbers),
    letGo: async (constant) => engine().letGo(constant),
    open: async (program, plan, held) => engine().open(program, plan, held),
    write: async (pieces) => engine().write(pieces),
    read: async (arrays) => engine().read(arrays),
    readNow: (arrays) => engine().read(arrays),
    runsNow: () => engine().runs(),
    run: async (program, feeds) => {
      // Between two runs, others get their turn.
      await new Promise((resolve) => setImmediate(resolve));
      return engine().run(program, feeds);
    },
    close: async (program) => engine().close(program),
    dispose() {
      alive?.dispose();
      alive = undefined;
    },
  };
}
