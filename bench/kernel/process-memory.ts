// Memory of a kernel: its process and all that it has started, the language server counted apart.
import { readFileSync } from "node:fs";

/** In MiB, proportional set size: pages that several processes share count in parts. */
export interface ProcessMemory {
  readonly kernelMib: number;
  /** The language server of a kernel that has one in a process of its own. */
  readonly languageServerMib: number;
}

/** Memory of a process and its descendants; zero where the system does not say. */
export function memoryOf(processId: number | undefined): ProcessMemory {
  const memory = { kernelMib: 0, languageServerMib: 0 };
  if (processId !== undefined) addTo(memory, processId, "kernelMib");
  return memory;
}

function addTo(
  memory: { kernelMib: number; languageServerMib: number },
  processId: number,
  part: keyof ProcessMemory,
): void {
  try {
    const isServer = readFileSync(`/proc/${processId}/cmdline`, "utf8").includes("--lsp");
    const own = isServer ? "languageServerMib" : part;
    const rollup = readFileSync(`/proc/${processId}/smaps_rollup`, "utf8");
    memory[own] += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/${processId}/task/${processId}/children`, "utf8");
    for (const child of children.split(" ").filter((text) => text.trim() !== "")) {
      addTo(memory, Number(child), own);
    }
  } catch {
    // It has ended in the meantime, or this system has no /proc.
  }
}
