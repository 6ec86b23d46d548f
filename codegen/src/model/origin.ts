/** Where something is written, so that the declaration map can lead back to it. */
export interface Origin {
  /** Path relative to the package, with `/`. */
  readonly file: string;
  /** 0-based, as source maps count. */
  readonly line: number;
  /** 0-based, in UTF-16 units. */
  readonly column: number;
  /** Length of the name that stands there. */
  readonly length: number;
}
