import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { register, type NamespacedUnregister } from "tsx/esm/api";

export type ModuleExports = Readonly<Record<string, unknown>>;

export interface LoadingOptions {
  /** How long a module may take, in milliseconds. */
  readonly loadTimeout: number;
  /** Before and after modules are run. */
  readonly onLoad?: (isLoading: boolean) => Promise<void>;
}

/** Why a module can't be loaded that throws nothing; `message` says what it did. */
export class LoadingProblem extends Error {
  override readonly name: string = "LoadingProblem";
  /** A top-level await may be the cause. */
  readonly waits: boolean;

  constructor(message: string, waits: boolean) {
    super(`${message} A contract is run to be read, and must only declare.`);
    this.waits = waits;
  }
}

/**
 * Runs contract modules, TypeScript or not, from wherever they are: with their own packages, whatever the
 * current folder is. One loader shares modules between the imports it makes, so that a schema of another
 * contract package is the same object wherever it is met; a new loader starts afresh.
 *
 * It belongs to a process that has nothing else to do: from now on nothing ends that process from inside, and what a module
 * leaves behind may fail unheard.
 */
export class ContractLoader {
  readonly #tsx: NamespacedUnregister;
  readonly #options: LoadingOptions;
  #refuse: ((message: string) => void) | undefined;
  /** What failed while modules were loaded, and nobody waited for. */
  #unheard: unknown;

  constructor(options: LoadingOptions) {
    this.#tsx = start();
    this.#options = options;
    process.exit = (code) => {
      const message = `it called process.exit(${code ?? ""}).`;
      this.#refuse?.(message);
      throw new LoadingProblem(message, false);
    };
    // Whether it fails before or after all is loaded is a matter of chance, so it only counts where loading comes to no end.
    process.on("uncaughtException", (error) => (this.#unheard ??= error));
  }

  /** A module of a package, by path or by the specifier under which the package's own modules import it. */
  async import(specifier: string, dir: string): Promise<ModuleExports> {
    const parent = pathToFileURL(join(dir, "package.json")).href;
    await this.#options.onLoad?.(true);
    try {
      return await this.#guarded(() => this.#tsx.import(specifier, parent) as Promise<ModuleExports>);
    } finally {
      await this.#options.onLoad?.(false);
    }
  }

  #guarded<T>(load: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#unheard = undefined;
      this.#refuse = (message) => reject(new LoadingProblem(message, false));
      const waits = (message: string): void => {
        const why = this.#unheard === undefined ? "" : ` Meanwhile something in it failed: ${firstLine(this.#unheard)}.`;
        reject(new LoadingProblem(`${message}${why}`, true));
      };
      // Unreferenced: what is left to do is the module's alone, and once that is nothing, the process is idle.
      const { loadTimeout } = this.#options;
      const timer = setTimeout(() => waits(`loading it took over ${loadTimeout / 1000} s.`), loadTimeout).unref();
      const isIdle = (): void => waits("it waits for something that never comes.");
      process.once("beforeExit", isIdle);
      void load()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          process.off("beforeExit", isIdle);
          this.#refuse = undefined;
        });
    });
  }
}

function firstLine(error: unknown): string {
  return String(error).split("\n")[0] ?? "";
}

let loaders = 0;

function start(): NamespacedUnregister {
  // No tsconfig: what a contract means must not depend on the folder that the command was started in.
  return register({ namespace: `ligature-${process.pid}-${loaders++}`, tsconfig: false });
}
