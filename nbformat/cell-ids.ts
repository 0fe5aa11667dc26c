// Cell ids: which are valid, and reproducible new ones for cells that have none.
import { createHash } from "node:crypto";

const VALID_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Whether nbformat 4.5 accepts `id` as the id of a cell. */
export function isCellId(id: unknown): id is string {
  return typeof id === "string" && VALID_ID.test(id);
}

/**
 * Gives every cell a valid id of its own: a good id stays, the second cell with an id gets a new one.
 * New ids depend only on the place and source of the cell, so that upgrading twice gives the same file.
 */
export function repairCellIds(cells: readonly { id?: unknown; source?: unknown }[]): void {
  const used = new Set<string>();
  for (const cell of cells) {
    const id = cell.id;
    if (isCellId(id) && !used.has(id)) used.add(id);
    else delete cell.id;
  }
  cells.forEach((cell, index) => {
    if (cell.id === undefined) cell.id = newId(`${index} ${JSON.stringify(cell.source)}`, used);
  });
}

function newId(text: string, used: Set<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const id = createHash("sha256").update(`${attempt} ${text}`).digest("hex").slice(0, 8);
    if (used.has(id)) continue;
    used.add(id);
    return id;
  }
}
