import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const packages: string = join(import.meta.dirname, "..", "..", "node_modules");

/**
 * A folder outside the repository, with the packages that the tests have (ligature, zod, the example
 * contracts); gone when the test is over.
 */
export function scratch(files: Readonly<Record<string, string>> = {}): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "ligature-gen-")));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  symlinkSync(packages, join(dir, "node_modules"));
  writeAll(dir, files);
  return dir;
}

export function writeAll(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

/** A copy of a folder, in a folder of its own. */
export function copyOf(source: string): string {
  const dir = scratch();
  cpSync(source, dir, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return dir;
}
