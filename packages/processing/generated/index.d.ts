import type { Contract, DeclaredErrorClass, Handler, RemoteTask, Task } from "ligature/generated";

/** What is known of one column of a CSV file. */
export interface ColumnStatistics {
  name: string;
  /** What every non-empty cell looks like. */
  type: "integer" | "number" | "date" | "boolean" | "text";
  empty: number;
  min?: number | undefined;
}

/** What processing found in one file. */
export interface ProcessedFile {
  path: string;
  rows: number;
  bytes: number;
  checksum: string;
  columns: ColumnStatistics[];
  finishedAt: Date;
}

export interface FileProgress {
  bytes: number;
  totalBytes: number;
  rows: number;
}

export interface WrongFormat {
  line: number;
  reason: string;
}

export interface Processing extends Contract<ProcessingRemote, ProcessingHandlers> {
  /** Validates one uploaded CSV file. */
  readonly processFile: Task<[path: string, options?: { strict?: boolean | undefined; delimiter?: string | undefined } | undefined], ProcessedFile, { WrongFormat: WrongFormat }>;
  readonly errors: {
    readonly WrongFormat: DeclaredErrorClass<"WrongFormat", WrongFormat, WrongFormat>;
  };
}

export interface ProcessingRemote {
  /** Validates one uploaded CSV file. */
  readonly processFile: RemoteTask<[path: string, options?: { strict?: boolean | undefined; delimiter?: string | undefined } | undefined], ProcessedFile, { WrongFormat: WrongFormat }, FileProgress>;
}

export interface ProcessingHandlers {
  /** Validates one uploaded CSV file. */
  processFile: Handler<[path: string, options: { strict: boolean; delimiter: string } | undefined], ProcessedFile, FileProgress>;
}

export declare const processing: Processing;

declare module "ligature" {
  interface TaskRegistry {
    "processing.processFile": Processing["processFile"];
  }
}
