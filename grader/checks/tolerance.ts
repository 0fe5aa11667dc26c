// How far two numbers may lie apart and still count as equal.

/** How far two numbers may lie apart. */
export interface Tolerance {
  readonly absolute?: number;
  readonly relative?: number;
}
