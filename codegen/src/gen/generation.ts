import { join } from "node:path";
import { ContractMistakes } from "../diagnostic.ts";
import type { GenResult } from "./gen-result.ts";
import { isUpToDate, unchanged } from "./gen.ts";
import { findInstalled, moduleGraph, readText, type ContractPackage } from "../workspace/index.ts";
import type { ContractLoader, ForeignManifest, LoadingOptions, Programs } from "../read/index.ts";
import { generator } from "../version.ts";
import {
  changedFiles,
  deleteStale,
  differences,
  staleFiles,
  writeChanged,
  WriteProblem,
  type GeneratedFile,
} from "../write/index.ts";

interface HereOptions extends LoadingOptions {
  readonly check: boolean;
  readonly force: boolean;
}

/** Generates one package after the other in this process, which runs their contracts: it should have nothing else to do. */
export class Generation {
  readonly #options: HereOptions;
  /** Manifests made in this run, which may not be on disk. */
  readonly #manifests = new Map<string, string>();
  #loader: ContractLoader | undefined;
  #programs: Programs | undefined;

  constructor(options: HereOptions) {
    this.#options = options;
  }

  async package(contract: ContractPackage): Promise<GenResult> {
    const { name, dir } = contract;
    const graph = moduleGraph(contract);
    const { check, force } = this.#options;
    const inputs = graph.hash;
    if (!check && !force && isUpToDate(contract, inputs)) return unchanged(contract, inputs);
    try {
      // Loaded here, not above: ts-morph, tsx and zod take most of a second.
      const [{ readContract, Programs: ProgramCache, ContractLoader: Loader }, { generate }] = await Promise.all([
        import("../read/index.ts"),
        import("./generated-files.ts"),
      ]);
      this.#loader ??= new Loader(this.#options);
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

type Outcome = Pick<GenResult, "status" | "files" | "diff" | "diagnostics" | "cause">;

async function checked(dir: string, files: readonly GeneratedFile[]): Promise<Outcome> {
  const changed = changedFiles(dir, files);
  const stale = staleFiles(dir, files);
  const paths = [...changed.map(({ path }) => path), ...stale];
  if (paths.length === 0) return { status: "unchanged", files: [] };
  return { status: "stale", files: paths, diff: await differences(dir, changed, stale) };
}

function written(dir: string, files: readonly GeneratedFile[]): Outcome {
  try {
    const paths = [...writeChanged(dir, files), ...deleteStale(dir, files)];
    return { status: paths.length > 0 ? "written" : "unchanged", files: paths };
  } catch (error) {
    // What a file system refuses is about this package, and no reason to leave out the others.
    if (!(error instanceof WriteProblem)) throw error;
    return { status: "failed", files: [], diagnostics: [{ file: "generated", message: error.problem }], cause: error };
  }
}
