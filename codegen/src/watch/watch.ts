import { generateApart, isUpToDate, unchanged, type GenResult, type Job } from "../gen/index.ts";
import { findContractPackages, PackageProblem, workspaceAround, type ContractPackage } from "../workspace/index.ts";
import { Changes } from "./quiet-changes.ts";
import { inputsOf, type Inputs } from "./inputs.ts";

export interface WatchOptions {
  readonly cwd: string;
  /** Only these folders, relative to `cwd`. @default all contract packages of the workspace, new ones too */
  readonly dirs?: readonly string[];
  /** Generate everything once, also what seems unchanged. @default false */
  readonly force?: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** After the first round, and after each that did something. */
  onRound(round: WatchRound): void;
  /** What isn't about one contract: a package.json that is set up wrongly, a watch that isn't possible. */
  onProblem(message: string): void;
}

export interface WatchRound {
  /** Of those that had to be looked at. */
  readonly results: readonly GenResult[];
  /** How many contract packages are watched. */
  readonly packages: number;
  readonly first: boolean;
  readonly took: number;
}

/**
 * Generates now, and again whenever a contract changes, one round at a time. Mistakes are reported, and the
 * files stay as they were. Resolves when the signal has aborted and everything is closed.
 * @throws PackageProblem when there is nothing to watch
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { cwd, dirs, signal } = options;
  const [first] = await findContractPackages(cwd, dirs);
  if (first === undefined) {
    throw new PackageProblem(
      'there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.',
    );
  }
  const { Watchers } = await import("./watchers.ts");
  const changes = new Changes();
  const watchers = new Watchers(changes.note, (error) => options.onProblem(error.message));
  const rounds = new Rounds(options);
  try {
    while (!signal.aborted) {
      const packages = await rounds.packages();
      const inputs = packages?.map(inputsOf);
      // Watched before it is generated: what changes in between begins the next round.
      if (inputs !== undefined) {
        const folders = new Set(inputs.flatMap((each) => each.folders));
        const own = inputs.map(({ contract }) => contract.dir);
        await watchers.update(await workspaceAround(cwd), own, [...folders]);
        await rounds.run(inputs);
      }
      if (rounds.isUncertain) changes.note();
      await changes.next(signal);
    }
  } finally {
    await watchers.close();
  }
}

class Rounds {
  readonly #options: WatchOptions;
  /** Inputs of contracts that couldn't be read: they are not read again until they change. */
  readonly #failed = new Map<string, string>();
  readonly #built = new Map<string, string>();
  /** What was wrong with the workspace in the last round. */
  #problem: string | undefined;
  #told: string | undefined;
  /** Rounds in a row that didn't come to an end. */
  #crashes = 0;
  #first = true;
  /** What was said to be wrong with the workspace isn't any more. */
  #back = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Something is wrong, for the first time: a file may just be in the middle of being written. */
  get isUncertain(): boolean {
    return this.#problem !== this.#told || this.#crashes === 1;
  }

  /** Undefined when the workspace can't be read as it is now. */
  async packages(): Promise<readonly ContractPackage[] | undefined> {
    const { cwd, dirs } = this.#options;
    try {
      const packages = await findContractPackages(cwd, dirs);
      this.#back = this.#told !== undefined;
      this.#problem = this.#told = undefined;
      return packages;
    } catch (error) {
      if (!(error instanceof PackageProblem)) throw error;
      if (this.#problem === error.message && this.#told !== error.message) {
        this.#told = error.message;
        this.#options.onProblem(error.message);
      }
      this.#problem = error.message;
      return undefined;
    }
  }

  async run(inputs: readonly Inputs[]): Promise<void> {
    const { cwd, signal } = this.#options;
    const started = performance.now();
    const first = this.#first;
    this.#first = false;
    const rebuilt = inputs.filter(({ contract, built }) => (this.#built.get(contract.dir) ?? built) !== built);
    for (const { contract, built } of inputs) this.#built.set(contract.dir, built);
    const force = rebuilt.length > 0 || (first && this.#options.force === true);
    const changed = first && force ? inputs : [...new Set([...rebuilt, ...inputs.filter((each) => this.#isStale(each))])];
    const dirs = withDependents(changed, inputs);
    const wrong = new Set(this.#failed.keys());
    const results = dirs.length === 0 ? [] : await this.#generate({ cwd, dirs, force, check: false }, signal);
    const mended = this.#mended(inputs.filter(({ contract }) => !dirs.includes(contract.dir)));
    const worthTelling = [...results.filter(({ dir, status }) => status !== "unchanged" || wrong.has(dir)), ...mended];
    const isBack = this.#back;
    this.#back = false;
    if (signal.aborted || (worthTelling.length === 0 && !first && !isBack)) return;
    const took = performance.now() - started;
    this.#options.onRound({ results: worthTelling, packages: inputs.length, first, took });
  }

  /** Those whose mistake was undone: their files are what they were made from again, and nothing has to be generated. */
  #mended(inputs: readonly Inputs[]): readonly GenResult[] {
    return inputs.flatMap(({ contract, hash }) => {
      const failed = this.#failed.get(contract.dir);
      if (failed === undefined || failed === hash) return [];
      this.#failed.delete(contract.dir);
      return [unchanged(contract, hash)];
    });
  }

  #isStale({ contract, hash }: Inputs): boolean {
    return this.#failed.get(contract.dir) !== hash && !isUpToDate(contract, hash);
  }

  async #generate(job: Job, signal: AbortSignal): Promise<readonly GenResult[]> {
    const answer = await generateApart(job, signal);
    if ("problem" in answer) {
      if (++this.#crashes > 1 && !signal.aborted) this.#options.onProblem(answer.problem);
      return [];
    }
    if (this.#crashes > 1) this.#back = true;
    this.#crashes = 0;
    for (const { dir, status, inputs } of answer.results) {
      if (status === "failed") this.#failed.set(dir, inputs);
      else this.#failed.delete(dir);
    }
    return answer.results;
  }
}

/** Folders of the changed packages and of all that build on them, dependencies first. */
function withDependents(changed: readonly Inputs[], all: readonly Inputs[]): readonly string[] {
  const names = new Set(changed.map(({ contract }) => contract.name));
  // In dependency order: whoever is met has been preceded by all that it depends on.
  for (const { contract } of all) if (contract.dependencies.some((name) => names.has(name))) names.add(contract.name);
  return all.filter(({ contract }) => names.has(contract.name)).map(({ contract }) => contract.dir);
}
