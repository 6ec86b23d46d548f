import type { Display, Inputs } from "./display.ts";
import { fileLine, labelWidthOf, type LineOptions } from "./file-line.ts";
import { isFinal, type FileStatus } from "./follow.ts";
import { isOver, totalFiles, unfinishedFiles, type ImportStatus } from "./follow-import.ts";
import { formatCount, paintFor, printable } from "./format.ts";
import { importLine } from "./import-line.ts";
import type { InputFile } from "./input-files.ts";
import type { InputFolder } from "./input-folders.ts";
import { Refusals } from "./refusals.ts";

/** A file or folder on its way gets a line when this share more of it is done. */
const step = 0.25;

/** Without a terminal, such as in CI: a line for what has happened, now and then one for what is happening. */
export class PlainDisplay implements Display {
  readonly #stream: NodeJS.WritableStream;
  /** The last share that a line was written for. */
  readonly #shown = new Map<InputFile | InputFolder, number>();
  readonly #refusals = new Refusals(paintFor({}));
  #labelWidth = 0;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(text: string): void {
    this.log(text);
  }

  expect({ files, folders }: Inputs): void {
    this.#labelWidth = labelWidthOf(
      [...files, ...folders].map(({ label }) => label),
      120,
    );
  }

  update(status: FileStatus): void {
    const { record, problem, file } = status;
    if (isFinal(record) || problem !== undefined) return this.log(fileLine(status, this.#lineOptions));
    const progress = record?.progress;
    if (progress === undefined) return;
    const { bytes, totalBytes, rows } = progress;
    this.#logShare(file, bytes / Math.max(1, totalBytes), `${formatCount(rows)} rows`);
  }

  updateImport(status: ImportStatus): void {
    const { record, problem, folder } = status;
    for (const line of this.#refusals.newLines(status)) this.log(line);
    if (isOver(record) || problem !== undefined) return this.log(importLine(status, this.#lineOptions));
    if (record === undefined) return;
    const total = totalFiles(record);
    const ended = total - unfinishedFiles(record);
    this.#logShare(folder, ended / Math.max(1, total), `${formatCount(ended)} of ${formatCount(total)} files`);
  }

  log(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  close(): void {}

  #logShare(input: InputFile | InputFolder, exactly: number, text: string): void {
    const share = Math.floor(exactly / step) * step;
    if (share <= (this.#shown.get(input) ?? 0)) return;
    this.#shown.set(input, share);
    this.log(`    ${printable(input.label)}: ${Math.round(share * 100)} %, ${text}`);
  }

  get #lineOptions(): LineOptions {
    return { paint: paintFor({}), width: Number.MAX_SAFE_INTEGER, labelWidth: this.#labelWidth, spinner: "" };
  }
}
