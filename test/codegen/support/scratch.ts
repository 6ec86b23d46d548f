import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const packages: string = join(import.meta.dirname, "..", "..", "node_modules");

/** A folder of a test's own. */
export interface Scratch {
  readonly dir: string;
  remove(): void;
}

/** A folder outside the repository, with the packages that the tests have (ligature, zod, the example contracts). */
export function scratch(files: Readonly<Record<string, string>> = {}): Scratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "ligature-gen-")));
  symlinkSync(packages, join(dir, "node_modules"));
  writeAll(dir, files);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The same, gone when the test is over. */
export function scratchOfTest(files: Readonly<Record<string, string>> = {}): string {
  const { dir, remove } = scratch(files);
  onTestFinished(remove);
  return dir;
}

export function writeAll(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}
