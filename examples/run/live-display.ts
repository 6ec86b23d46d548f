import cliTruncate from "cli-truncate";
import { createLogUpdate } from "log-update";
import type { Display, Inputs } from "./display.ts";
import { fileLine, labelWidthOf, type LineOptions } from "./file-line.ts";
import { isFinal, type FileStatus } from "./follow.ts";
import { isOver, type ImportStatus } from "./follow-import.ts";
import { formatDuration, paintFor, type Paint } from "./format.ts";
import { importLine } from "./import-line.ts";
import type { InputFile } from "./input-files.ts";
import type { InputFolder } from "./input-folders.ts";
import { Refusals } from "./refusals.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * On a terminal: lines that stay (files that have ended, log lines) scroll by above a few that change. Only files
 * on their way take part in those, so a thousand files need no more room than four. A folder that is imported takes one line, whatever is in it.
 */
export class LiveDisplay implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #paint: Paint;
  readonly #live: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  readonly #started = performance.now();
  readonly #running = new Map<InputFile, FileStatus>();
  readonly #imports = new Map<InputFolder, ImportStatus>();
  readonly #refusals: Refusals;
  #task: string | undefined;
  #total = 0;
  #done = 0;
  #labelWidth = 0;
  #frame = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#paint = paintFor(stream);
    this.#refusals = new Refusals(this.#paint);
    this.#live = createLogUpdate(stream);
    this.#timer = setInterval(() => this.#render(), 80);
  }

  begin(text: string): void {
    this.#task = text;
    this.#render();
  }

  expect({ files, folders }: Inputs): void {
    this.#task = undefined;
    this.#total = files.length;
    this.#labelWidth = labelWidthOf(
      [...files, ...folders].map(({ label }) => label),
      this.#width,
    );
  }

  update(status: FileStatus): void {
    if (isFinal(status.record) || status.problem !== undefined) {
      this.#running.delete(status.file);
      this.#done += 1;
      this.log(fileLine(status, this.#lineOptions));
    } else {
      this.#running.set(status.file, status);
    }
  }

  updateImport(status: ImportStatus): void {
    for (const line of this.#refusals.newLines(status)) this.log(line);
    if (isOver(status.record) || status.problem !== undefined) {
      this.#imports.delete(status.folder);
      this.log(importLine(status, this.#lineOptions));
    } else {
      this.#imports.set(status.folder, status);
    }
  }

  log(line: string): void {
    // One write for the line and what is below it, or the lower lines would flicker.
    this.#stream.cork();
    this.#live.persist(cliTruncate(line, this.#width));
    this.#render();
    this.#stream.uncork();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#live.clear();
    this.#live.done();
  }

  #render(): void {
    this.#frame += 1;
    const options = this.#lineOptions;
    const lines = [
      ...[...this.#imports.values()].map((status) => importLine(status, options)),
      ...[...this.#running.values()].map((status) => fileLine(status, options)),
    ];
    const elapsed = formatDuration(performance.now() - this.#started);
    if (this.#task !== undefined)
      lines.push(`  ${this.#paint("cyan", this.#spinner)} ${this.#task}  ${this.#paint("dim", elapsed)}`);
    else if (this.#total > 0) lines.push(this.#paint("dim", `    ${this.#done} of ${this.#total} files · ${elapsed}`));
    this.#live(lines.join("\n"));
  }

  get #lineOptions(): LineOptions {
    return { paint: this.#paint, width: this.#width, labelWidth: this.#labelWidth, spinner: this.#spinner };
  }

  get #spinner(): string {
    return frames[this.#frame % frames.length] ?? "";
  }

  get #width(): number {
    return this.#stream.columns ?? 80;
  }
}
