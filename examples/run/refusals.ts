import { basename } from "node:path";
import type { ImportStatus } from "./follow-import.ts";
import type { InputFolder } from "./input-folders.ts";
import { printable, type Paint } from "./format.ts";

/** Lines for the refused files of imports: each file once, however often the catalog names it. */
export class Refusals {
  readonly #told = new Map<InputFolder, Set<number>>();
  readonly #paint: Paint;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  newLines({ folder, record }: ImportStatus): string[] {
    const told = this.#told.get(folder) ?? new Set();
    this.#told.set(folder, told);
    const fresh = (record?.refused ?? []).filter(({ fileId }) => !told.has(fileId));
    return fresh.map(({ fileId, path, reason }) => {
      told.add(fileId);
      return `  ${this.#paint("red", "✘")} ${printable(`${folder.label}/${basename(path)}`)}  ${printable(reason)}`;
    });
  }
}
