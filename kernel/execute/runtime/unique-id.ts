// Names that no other kernel gives: for displays and comms.

// Taken before a cell can put a function of its own in its place. Loading node:crypto for this would cost every kernel.
const { random } = Math;

/** A new name: 128 random bits as hexadecimal text. */
export function uniqueId(): string {
  const words = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32));
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}
