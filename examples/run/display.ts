import type { FileStatus } from "./follow.ts";
import type { ImportStatus } from "./follow-import.ts";
import type { InputFile } from "./input-files.ts";
import type { InputFolder } from "./input-folders.ts";

/** What is handed in. */
export interface Inputs {
  readonly files: readonly InputFile[];
  /** Each to be imported as a whole. */
  readonly folders: readonly InputFolder[];
}

/** What is shown while files are on their way. */
export interface Display {
  /** Says that something takes a while. */
  begin(text: string): void;
  /** From now on, these are on their way. */
  expect(inputs: Inputs): void;
  update(status: FileStatus): void;
  /** One line for the whole folder, and one for each file in it that is refused. */
  updateImport(status: ImportStatus): void;
  /** A line that stays. */
  log(line: string): void;
  /** Leaves the terminal to others. */
  close(): void;
}
