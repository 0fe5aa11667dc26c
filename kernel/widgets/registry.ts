// All open widgets, and the channel through which a page that was loaded again asks for all of them at once.
import { runtimeHook } from "../comms/kernel-comms.ts";
import { separateBuffers, type Referable } from "./wire-format.ts";

/** What the registry needs to know of a widget. */
interface Registered extends Referable {
  wireState(): Record<string, unknown>;
}

const widgets = new Map<string, Registered>();
/** Kernels whose pages can ask already; there is more than one in tests. */
const answering = new WeakSet<object>();

/** Keeps a widget until it is closed: a page may ask for it at any time. */
export function rememberWidget(widget: Registered): void {
  widgets.set(widget.id, widget);
  const { comms } = runtimeHook();
  if (answering.has(comms)) return;
  answering.add(comms);
  comms.register("jupyter.widget.control", (comm) => {
    comm.onMessage(({ data }) => {
      if ((data as { method?: string }).method !== "request_states") return;
      const { message, buffers } = allStates();
      comm.send(message, { buffers });
    });
  });
}

/** Forgets a widget that was closed. */
export function forgetWidget(id: string): void {
  widgets.delete(id);
}

/** The open widget with this id. */
export function findWidget(id: string): Referable | undefined {
  return widgets.get(id);
}

function allStates(): { message: object; buffers: readonly Uint8Array[] } {
  const entries = [...widgets.values()].map((widget) => {
    const state = widget.wireState();
    const { _model_name: model_name, _model_module: model_module } = state;
    const { _model_module_version: model_module_version } = state;
    return [widget.id, { model_name, model_module, model_module_version, state }] as const;
  });
  const { state: states, bufferPaths, buffers } = separateBuffers(Object.fromEntries(entries));
  return { message: { method: "update_states", states, buffer_paths: bufferPaths }, buffers };
}
