import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { register, type NamespacedUnregister } from "tsx/esm/api";

export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Runs contract modules, TypeScript or not, from wherever they are: with their own packages, whatever the
 * current folder is. One loader shares modules between the imports it makes, so that a schema of another
 * contract package is the same object wherever it is met; a new loader starts afresh.
 */
export class ContractLoader {
  readonly #tsx: NamespacedUnregister;

  constructor() {
    this.#tsx = start();
  }

  /** A module of a package, by path or by the specifier under which the package's own modules import it. */
  async import(specifier: string, dir: string): Promise<ModuleExports> {
    const parent = pathToFileURL(join(dir, "package.json")).href;
    return (await this.#tsx.import(specifier, parent)) as ModuleExports;
  }

  async close(): Promise<void> {
    await this.#tsx.unregister();
  }
}

let loaders = 0;

function start(): NamespacedUnregister {
  // No tsconfig: what a contract means must not depend on the folder that the command was started in.
  return register({ namespace: `ligature-${process.pid}-${loaders++}`, tsconfig: false });
}
