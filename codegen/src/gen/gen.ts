import { join } from "node:path";
import { ContractMistakes, type Diagnostic } from "../diagnostic.ts";
import {
  changedFiles,
  deleteStale,
  differences,
  isMadeFrom,
  staleFiles,
  writeChanged,
  type GeneratedFile,
} from "../write/index.ts";
import { findContractPackages, findInstalled, moduleGraph, readText, type ContractPackage } from "../workspace/index.ts";
import type { ContractLoader, ForeignManifest, Programs } from "../read/index.ts";
import { generator } from "../version.ts";

export interface GenOptions {
  /** Where to look: the workspace around it is generated. @default process.cwd() */
  readonly cwd?: string;
  /** Only these folders, relative to `cwd`. @default all contract packages of the workspace */
  readonly dirs?: readonly string[];
  /** Write nothing; say what would be written. @default false */
  readonly check?: boolean;
  /** Also generate what seems unchanged. `check` always does. @default false */
  readonly force?: boolean;
}

/** What became of one contract package. */
export interface GenResult {
  readonly name: string;
  /** Absolute. */
  readonly dir: string;
  /**
   * - `unchanged`: its files are as they should be
   * - `written`: files were written or deleted
   * - `stale`: files would have to be written (`check`)
   * - `failed`: its contract can't be read
   */
  readonly status: "unchanged" | "written" | "stale" | "failed";
  /** Hash of all that its files are made from. */
  readonly inputs: string;
  /** Paths relative to the package that were, or would be, written or deleted. */
  readonly files: readonly string[];
  /** For `stale`: a unified diff, cut to its first lines. */
  readonly diff?: string;
  /** For `failed`: what is wrong with the contract; paths relative to the package. */
  readonly diagnostics?: readonly Diagnostic[];
  /** For `failed`: the error itself, if there was one. */
  readonly cause?: unknown;
}

/**
 * Generates stubs and manifests of contract packages, dependencies first. A package whose inputs are those
 * that its files were made from is left alone without being loaded.
 * @throws PackageProblem when a folder, a workspace or a package.json is set up wrongly
 */
export async function gen(options: GenOptions = {}): Promise<readonly GenResult[]> {
  const packages = await findContractPackages(options.cwd ?? process.cwd(), options.dirs);
  const run = new Run(options);
  try {
    const results: GenResult[] = [];
    for (const each of packages) results.push(await run.package(each));
    return results;
  } finally {
    await run.close();
  }
}

class Run {
  readonly #options: GenOptions;
  /** Manifests made in this run, which may not be on disk. */
  readonly #manifests = new Map<string, string>();
  #loader: ContractLoader | undefined;
  #programs: Programs | undefined;

  constructor(options: GenOptions) {
    this.#options = options;
  }

  async package(contract: ContractPackage): Promise<GenResult> {
    const { name, dir } = contract;
    const graph = moduleGraph(contract);
    const { check = false, force = false } = this.#options;
    const inputs = graph.hash;
    if (!check && !force && isUpToDate(contract, inputs)) return { name, dir, inputs, status: "unchanged", files: [] };
    try {
      // Loaded here, not above: ts-morph, tsx and zod take most of a second.
      const [{ readContract, Programs: ProgramCache, ContractLoader: Loader }, { generate }] = await Promise.all([
        import("../read/index.ts"),
        import("./generated-files.ts"),
      ]);
      this.#loader ??= new Loader();
      this.#programs ??= new ProgramCache();
      const model = await readContract(contract, graph, this.#loader, this.#programs, (dependency) =>
        this.#manifestOf(dependency, dir),
      );
      const files = generate(model, { generator });
      this.#manifests.set(name, files.find(({ path }) => path === manifestPath)?.text ?? "");
      return { name, dir, inputs, ...(check ? await checked(dir, files) : written(dir, files)) };
    } catch (error) {
      if (!(error instanceof ContractMistakes)) throw error;
      return { name, dir, inputs, status: "failed", files: [], diagnostics: error.diagnostics, cause: error.cause };
    }
  }

  async close(): Promise<void> {
    await this.#loader?.close();
  }

  #manifestOf(dependency: string, dir: string): ForeignManifest | undefined {
    const installed = findInstalled(dependency, dir);
    const text =
      this.#manifests.get(dependency) ?? (installed === undefined ? undefined : readText(join(installed, manifestPath)));
    if (text === undefined) return undefined;
    try {
      const { types, hidesTypes = false } = JSON.parse(text) as ForeignManifest;
      return { ...(types !== undefined && { types }), hidesTypes };
    } catch {
      // In the middle of a merge, say; that package's own run mends it.
      return undefined;
    }
  }
}

const manifestPath = "contract.json";
const outputs = ["generated/index.js", "generated/index.d.ts", "generated/index.d.ts.map", manifestPath];

/** Whether every file of a package is what these inputs made. */
export function isUpToDate({ dir }: ContractPackage, inputs: string): boolean {
  return outputs.every((path) => isMadeFrom(inputs, readText(join(dir, path)) ?? ""));
}

type Outcome = Pick<GenResult, "status" | "files" | "diff">;

async function checked(dir: string, files: readonly GeneratedFile[]): Promise<Outcome> {
  const changed = changedFiles(dir, files);
  const stale = staleFiles(dir, files);
  const paths = [...changed.map(({ path }) => path), ...stale];
  if (paths.length === 0) return { status: "unchanged", files: [] };
  return { status: "stale", files: paths, diff: await differences(dir, changed, stale) };
}

function written(dir: string, files: readonly GeneratedFile[]): Outcome {
  const paths = [...writeChanged(dir, files), ...deleteStale(dir, files)];
  return { status: paths.length > 0 ? "written" : "unchanged", files: paths };
}
