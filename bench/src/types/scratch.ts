import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The benchmarks' own packages: what a scratch folder can import. */
const packages: string = join(import.meta.dirname, "..", "..", "node_modules");

/** The compiler of the workspace. */
export const tsc: string = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

/** A folder outside the repository, where the packages of the benchmarks can be imported; gone when disposed of. */
export interface Scratch extends Disposable {
  readonly dir: string;
  /** Writes files; paths are relative to the folder. */
  write(files: Readonly<Record<string, string>>): void;
}

export function scratch(): Scratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "ligature-bench-")));
  symlinkSync(packages, join(dir, "node_modules"));
  return {
    dir,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), text);
      }
    },
    [Symbol.dispose]() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
