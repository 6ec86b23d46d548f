import { existsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { Project, ts } from "ts-morph";
import { byPlace, type Unresolved, type UsagePlace, type UsageReport } from "../index.ts";
import { findInstalled, packageOf, PackageProblem, readPackageJson } from "../../workspace/index.ts";
import { Collector } from "./collector.ts";
import { GeneratedContracts, packageName } from "./generated-contract.ts";
import { findProjects, relativePath, repositoryRoot } from "./projects.ts";
import { Resolver } from "./resolver.ts";

export interface UsageOptions {
  readonly cwd: string;
  /** Relative to `cwd`. */
  readonly dir: string;
  /** What to call the folder in a message. */
  readonly shown: string;
  /** tsconfig files, relative to `cwd`. @default those in the folder */
  readonly projects?: readonly string[];
  /** Globs of files that aren't looked at, relative to `cwd`. @default none */
  readonly exclude?: readonly string[];
}

/**
 * How the programs in a folder use tasks. One program at a time is in memory; a file of several is looked at in the first.
 * @throws PackageProblem when there is nothing to read
 */
export async function readUsage({ cwd, dir, shown, projects = [], exclude = [] }: UsageOptions): Promise<UsageReport> {
  const folder = resolve(cwd, dir);
  const configs = projects.length > 0 ? projects.map((file) => existing(cwd, file)) : await findProjects(folder, shown);
  const root = await repositoryRoot(folder);
  const report = new Report(root, folder, await filesLike(exclude, cwd));
  for (const config of configs) report.add(config);
  return report.result();
}

async function filesLike(globs: readonly string[], cwd: string): Promise<ReadonlySet<string>> {
  if (globs.length === 0) return new Set();
  const { glob } = await import("tinyglobby");
  const files = await glob([...globs], { cwd, absolute: true, dot: true, ignore: ["**/node_modules/**"] });
  return new Set(files.map((file) => resolve(file)));
}

/** As test runners find them, and as folders of tests are called. */
const testFile = /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|e2e)\/|[.-](?:test|spec|test-d|e2e)\.[cm]?[jt]sx?$/;

function existing(cwd: string, file: string): string {
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw new PackageProblem(`${file} doesn't exist.`);
  return path;
}

class Report {
  readonly #root: string;
  readonly #folder: string;
  readonly #excluded: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #contracts = new Map<string, { readonly contract: string; readonly package: string }>();
  readonly #uses: UsageReport["uses"][number][] = [];
  readonly #links: UsageReport["links"][number][] = [];
  readonly #unresolved: Unresolved[] = [];
  readonly #packages = new Map<string, string>();

  constructor(root: string, folder: string, excluded: ReadonlySet<string>) {
    this.#root = root;
    this.#folder = folder;
    this.#excluded = excluded;
  }

  add(config: string): void {
    const files = filesOf(config, relativePath(this.#root, config)).filter((file) => this.#isNew(file));
    if (files.length === 0) return;
    const project = new Project({ tsConfigFilePath: config, skipFileDependencyResolution: true });
    const program = project.getProgram().compilerObject;
    const contracts = new GeneratedContracts(program);
    const resolver = new Resolver(program.getTypeChecker(), contracts);
    for (const { contract, package: name } of contracts.all()) this.#contracts.set(contract, { contract, package: name });
    for (const name of files) {
      this.#seen.add(name);
      const file = program.getSourceFile(name);
      if (file === undefined) continue;
      const collector = new Collector(resolver, (node) => this.#placeOf(file, node));
      collector.visit(file);
      this.#uses.push(...collector.uses);
      this.#links.push(...collector.links);
      this.#unresolved.push(...collector.unresolved, ...this.#missing(file, resolver.checker));
    }
  }

  result(): UsageReport {
    return {
      usage: 1,
      contracts: [...this.#contracts.values()].sort((a, b) => (a.contract < b.contract ? -1 : 1)),
      uses: unique(this.#uses).sort((a, b) => byPlace(a, b) || compare(a.task, b.task)),
      links: unique(this.#links).sort((a, b) => byPlace(a, b) || compare(a.parent ?? "", b.parent ?? "")),
      unresolved: unique(this.#unresolved).sort((a, b) => byPlace(a, b) || compare(a.task ?? "", b.task ?? "")),
    };
  }

  #isNew(file: string): boolean {
    return (
      !this.#seen.has(file) &&
      !this.#excluded.has(resolve(file)) &&
      resolve(file).startsWith(this.#folder + sep) &&
      !/\.d\.[cm]?ts$/.test(file)
    );
  }

  /** Packages that can't be found: whatever the file does with their tasks can't be seen. */
  #missing(file: ts.SourceFile, checker: ts.TypeChecker): readonly Unresolved[] {
    return file.statements.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier }) => {
      if (!ts.isStringLiteral(moduleSpecifier) || checker.getSymbolAtLocation(moduleSpecifier) !== undefined) return [];
      const { text } = moduleSpecifier;
      if (text.startsWith(".") || text.startsWith("node:") || !mayHoldTasks(packageOf(text), file.fileName)) return [];
      const why = `"${text}" has no types here: install it, and build or generate it, so that its tasks can be seen`;
      return [{ why, ...this.#placeOf(file, moduleSpecifier) }];
    });
  }

  #placeOf(file: ts.SourceFile, node: ts.Node): UsagePlace {
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
    const dir = dirname(file.fileName);
    let by = this.#packages.get(dir);
    if (by === undefined) this.#packages.set(dir, (by = packageName(dir)));
    const path = relativePath(this.#root, file.fileName);
    return { file: path, line: line + 1, column: character + 1, by, ...(testFile.test(path) && { test: true }) };
  }
}

/** A package that isn't there may be anything; one that is there says whether it has a contract. */
function mayHoldTasks(name: string, file: string): boolean {
  const installed = findInstalled(name, dirname(file));
  return name === "ligature" || installed === undefined || readPackageJson(installed)?.ligature !== undefined;
}

/** The files of a project. @throws PackageProblem when its tsconfig can't be read */
function filesOf(config: string, shown: string): readonly string[] {
  const { config: json, error } = ts.readConfigFile(config, (path) => ts.sys.readFile(path));
  if (error !== undefined) throw new PackageProblem(`${shown}: ${ts.flattenDiagnosticMessageText(error.messageText, " ")}`);
  return ts.parseJsonConfigFileContent(json, ts.sys, dirname(config), undefined, config).fileNames;
}

function unique<T extends object>(things: readonly T[]): T[] {
  return [...new Map(things.map((thing) => [JSON.stringify(thing), thing])).values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
