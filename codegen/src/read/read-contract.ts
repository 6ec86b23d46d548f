import type { ts } from "ts-morph";
import type { ContractSpec } from "ligature/contract";
import { ContractMistakes, type Diagnostic } from "../diagnostic.ts";
import type { ContractModel } from "../model/contract-model.ts";
import { CompilerTypes, hidesTypes, type Programs } from "./checker/index.ts";
import {
  findInstalled,
  packageOf,
  readPackageJson,
  relativeTo,
  type ContractPackage,
  type ModuleGraph,
} from "../workspace/index.ts";
import type { ContractLoader, ModuleExports } from "./load.ts";
import type { ExportedTypes, ForeignSchema } from "./loaded-contract.ts";
import { modelOf } from "./model-of.ts";
import { isZodSchema } from "./schema/index.ts";
import { at, ContractSource, loadMistakes, repeatedKeys, syntaxErrors, type SourceMistake } from "./source/index.ts";

/** What the reader needs of another contract package's manifest. */
export interface ForeignManifest {
  readonly types?: ExportedTypes;
  readonly hidesTypes?: boolean;
}

type ManifestsOf = (packageName: string) => ForeignManifest | undefined;

/**
 * Reads one contract package: parses its source for what only the source knows (documentation, positions,
 * order), runs it for what only the schemas know, and puts both together.
 * @param programs makes programs for the type checker, if one is needed
 * @param manifestOf the manifest of another contract package
 * @throws ContractMistakes with everything that is wrong with the contract
 */
export async function readContract(
  contract: ContractPackage,
  graph: ModuleGraph,
  loader: ContractLoader,
  programs: Programs,
  manifestOf: ManifestsOf,
): Promise<ContractModel> {
  const source = new ContractSource(contract);
  const files = source.parse(graph.files);
  refuse(source, files.flatMap(syntaxErrors));
  const repeated = source
    .contractCalls()
    .flatMap((call) => (call.arguments[1] === undefined ? [] : repeatedIn(source, call.arguments[1])))
    .map(({ node, message }) => located(source, node, message));

  let exports: ModuleExports;
  const foreign: ForeignSchema[] = [];
  const modules = new Map<string, ModuleExports>();
  try {
    exports = await loader.import(`./${contract.source}`, contract.dir);
    for (const file of source.loadedModules()) {
      modules.set(file, await loader.import(`./${relativeTo(contract.dir, file)}`, contract.dir));
    }
    for (const specifier of graph.specifiers) foreign.push(...(await foreignSchemas(specifier, contract, loader)));
  } catch (error) {
    throw new ContractMistakes([...repeated, ...loadMistakes(error, contract, source, files)], { cause: error });
  }
  const { exportName, spec } = onlyContract(exports, contract, source);
  const compiler = new CompilerTypes(contract, graph, programs);
  const hidesMore = files.some(hidesTypes) || graph.specifiers.some((each) => mayHideTypes(each, contract, manifestOf));
  const typesOf = (name: string): ExportedTypes | undefined => manifestOf(name)?.types;
  const loaded = { contract, graph, source, exports, modules, exportName, spec, foreign, typesOf, compiler, hidesMore };
  const model = withMistakes(repeated, modelOf, { ...loaded, zod: await import("zod") });
  if (repeated.length > 0) throw new ContractMistakes(repeated);
  return model;
}

/** @throws ContractMistakes with those that are known beside those that are found */
function withMistakes<T, R>(known: readonly Diagnostic[], make: (given: T) => R, given: T): R {
  try {
    return make(given);
  } catch (error) {
    if (!(error instanceof ContractMistakes)) throw error;
    throw new ContractMistakes([...known, ...error.diagnostics], { cause: error.cause });
  }
}

function refuse(source: ContractSource, mistakes: readonly SourceMistake[]): void {
  if (mistakes.length > 0) throw new ContractMistakes(mistakes.map(({ node, message }) => located(source, node, message)));
}

function located(source: ContractSource, node: SourceMistake["node"], message: string): Diagnostic {
  return "offset" in node ? source.diagnostic(node.file, node.offset, message) : at(source, node, message);
}

/** Keys that stand twice in the places where a key is a name on the wire. */
function repeatedIn(source: ContractSource, options: ts.Expression): readonly SourceMistake[] {
  const objects: ts.ObjectLiteralExpression[] = [];
  const tasks = source.object(source.step(options, { prop: "tasks" }));
  if (tasks === undefined) return [];
  objects.push(tasks);
  for (const task of tasks.properties) {
    for (const part of ["params", "errors"]) {
      const object = source.object(source.step(task, { prop: part }));
      if (object !== undefined) objects.push(object);
    }
  }
  return objects.flatMap(repeatedKeys);
}

/** Whether schemas of an imported package may have brands, which leave no trace at run time. */
function mayHideTypes(specifier: string, contract: ContractPackage, manifestOf: ManifestsOf): boolean {
  const name = packageOf(specifier);
  if (name === "zod" || name === "ligature" || name.startsWith("node:")) return false;
  const installed = findInstalled(name, contract.dir);
  if (installed === undefined) return false;
  if (readPackageJson(installed)?.ligature?.contract === undefined) return true;
  // Of a contract package's, and of those whose schemas it uses, its manifest knows.
  return manifestOf(name)?.hidesTypes !== false;
}

async function foreignSchemas(
  specifier: string,
  contract: ContractPackage,
  loader: ContractLoader,
): Promise<readonly ForeignSchema[]> {
  const name = packageOf(specifier);
  const installed = name === contract.name ? undefined : findInstalled(name, contract.dir);
  if (installed === undefined || readPackageJson(installed)?.ligature?.contract === undefined) return [];
  const exports = await loader.import(specifier, contract.dir);
  return Object.entries(exports).flatMap(([exportName, schema]) =>
    isZodSchema(schema) ? [{ package: name, specifier, exportName, schema }] : [],
  );
}

function onlyContract(
  exports: ModuleExports,
  contract: ContractPackage,
  source: ContractSource,
): { readonly exportName: string; readonly spec: ContractSpec } {
  const found = Object.entries(exports).flatMap(([exportName, value]) =>
    typeof value === "object" && value !== null && "~contract" in value
      ? [{ exportName, spec: value["~contract"] as ContractSpec }]
      : [],
  );
  const [first, second] = found;
  if (first === undefined) {
    throw new ContractMistakes([
      {
        file: contract.source,
        message: 'exports no contract. It needs: export const <name> = contract("<name>", { tasks: { … } });',
      },
    ]);
  }
  if (second !== undefined && second.spec !== first.spec) {
    const message = `exports a second contract, "${second.exportName}" beside "${first.exportName}". One package holds one contract: give it a package of its own.`;
    const node = source.exported(second.exportName);
    throw new ContractMistakes([node === undefined ? { file: contract.source, message } : at(source, node, message)]);
  }
  return first;
}
