import type { Display } from "./display.ts";
import { fileLine, labelWidthOf } from "./file-line.ts";
import { isFinal, type FileStatus } from "./follow.ts";
import { formatCount, paintFor, printable } from "./format.ts";
import type { InputFile } from "./input-files.ts";

/** A file on its way gets a line when this share more of it is done. */
const step = 0.25;

/** Without a terminal, such as in CI: a line for what has happened, now and then one for what is happening. */
export class PlainDisplay implements Display {
  readonly #stream: NodeJS.WritableStream;
  /** The last share that a line was written for. */
  readonly #shown = new Map<InputFile, number>();
  #labelWidth = 0;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(text: string): void {
    this.log(text);
  }

  expect(files: readonly InputFile[]): void {
    this.#labelWidth = labelWidthOf(
      files.map((file) => file.label),
      120,
    );
  }

  update(status: FileStatus): void {
    const { record, problem, file } = status;
    if (isFinal(record) || problem !== undefined) {
      this.log(
        fileLine(status, { paint: paintFor({}), width: Number.MAX_SAFE_INTEGER, labelWidth: this.#labelWidth, spinner: "" }),
      );
      return;
    }
    const progress = record?.progress;
    if (progress === undefined) return;
    const share = Math.floor(progress.bytes / Math.max(1, progress.totalBytes) / step) * step;
    if (share <= (this.#shown.get(file) ?? 0)) return;
    this.#shown.set(file, share);
    this.log(`    ${printable(file.label)}: ${Math.round(share * 100)} %, ${formatCount(progress.rows)} rows`);
  }

  log(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  close(): void {}
}
