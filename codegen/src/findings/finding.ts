/** Where in a contract something is. */
export interface Spot {
  readonly contract: string;
  /** A task's key; absent: the contract itself. */
  readonly task?: string | undefined;
  /** A parameter or a declared error of the task; of the contract, a type or a task that is no more. */
  readonly part?: string | undefined;
  /** Which part of the task holds `part`, as it is called in the source. */
  readonly within?: "params" | "errors" | "returns" | "progress" | undefined;
}

/** A place in a source file, for a person to go to. */
export interface SourcePlace {
  /** Relative to the current folder, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** What a rule has against a contract. */
export interface Finding {
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** For people: `SOURCE, WIRE`; empty where the rule has none. */
  readonly categories: readonly string[];
  readonly spot: Spot;
  /** Such as `processing.processFile.options.strict`. */
  readonly place: string;
  /** What is wrong, and what follows. */
  readonly why: string;
  /** What to do instead. */
  readonly fix: string;
  readonly source?: SourcePlace | undefined;
  /** The contract's own reason why it is all right. */
  readonly allowed?: string | undefined;
}

/** `contract.task.part`, as far as there is one. */
export function placeOf({ contract, task, part }: Spot, path = ""): string {
  return [contract, task, part].filter((name) => name !== undefined).join(".") + path;
}
