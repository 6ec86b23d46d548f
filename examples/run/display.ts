import { LiveDisplay } from "./live-display.ts";
import { PlainDisplay } from "./plain-display.ts";
import type { FileStatus } from "./follow.ts";
import type { InputFile } from "./input-files.ts";

/** What is shown while files are on their way. */
export interface Display {
  /** Says that something takes a while. */
  begin(text: string): void;
  /** From now on, these files are on their way. */
  expect(files: readonly InputFile[]): void;
  update(status: FileStatus): void;
  /** A line that stays. */
  log(line: string): void;
  /** Leaves the terminal to others. */
  close(): void;
}

/** A live display on a terminal, occasional lines elsewhere. */
export function createDisplay(stream: NodeJS.WriteStream): Display {
  return stream.isTTY && process.env["TERM"] !== "dumb" ? new LiveDisplay(stream) : new PlainDisplay(stream);
}
