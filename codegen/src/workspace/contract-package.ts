import { UsageError } from "ligature/cli";
import { existsSync } from "node:fs";
import { basename, join, posix, relative } from "node:path";
import { readPackageJson, type PackageJson } from "./package-json.ts";

/** An npm package that holds a contract: its package.json says `"ligature": { "contract": "./src/contract.ts" }`. */
export interface ContractPackage {
  readonly dir: string;
  readonly name: string;
  /** The contract module, relative to `dir`, with `/`: `src/contract.ts`. */
  readonly source: string;
  /** The built contract module as `generated/index.js` imports it. */
  readonly runtime: string;
  /** Names of the packages it depends on in any way. */
  readonly dependencies: readonly string[];
}

export class PackageProblem extends UsageError {
  override readonly name: string = "PackageProblem";
}

/**
 * The contract package in a folder, or undefined when there is none.
 * @throws PackageProblem when package.json names a contract that can't be one.
 */
export function contractPackageAt(dir: string): ContractPackage | undefined {
  const json = readPackageJson(dir);
  const contract = json?.ligature?.contract;
  if (json === undefined) return undefined;
  if (contract === undefined) {
    const [other] = Object.keys(json.ligature ?? {});
    if (other === undefined) return undefined;
    throw new PackageProblem(
      `${join(dir, "package.json")}: "ligature" has no "contract", but "${other}"; did you mean "contract"?`,
    );
  }
  const where = `${join(dir, "package.json")}: "ligature.contract"`;
  if (typeof contract !== "string" || !/\.m?[jt]s$/.test(contract)) {
    throw new PackageProblem(`${where} must be the path of a module, such as "./src/contract.ts".`);
  }
  const source = posix.normalize(contract.replaceAll("\\", "/"));
  if (source.startsWith("../") || source.startsWith("/")) throw new PackageProblem(`${where} must lie inside the package.`);
  if (!existsSync(join(dir, source))) throw new PackageProblem(`${where} names ${contract}, which doesn't exist.`);
  if (json.name === undefined)
    throw new PackageProblem(`${join(dir, "package.json")} needs a "name": generated code imports by it.`);
  if (json.type === "commonjs") {
    throw new PackageProblem(
      `${join(dir, "package.json")}: a contract package needs "type": "module", not "commonjs": its generated code is ES modules. CommonJS programs can require() it.`,
    );
  }
  return {
    dir,
    name: json.name,
    source,
    runtime: runtimeModule(json, source),
    dependencies: Object.keys({ ...json.peerDependencies, ...json.devDependencies, ...json.dependencies }),
  };
}

/** Where the built contract is: what package.json exports as "./contract", or `dist/` by convention. */
function runtimeModule(json: PackageJson, source: string): string {
  const exported = (json.exports as Readonly<Record<string, unknown>> | undefined)?.["./contract"];
  const target = firstModule(exported);
  const file = target ?? (/\.m?js$/.test(source) ? source : `dist/${basename(source).replace(/\.(m?)ts$/, ".$1js")}`);
  return posix.relative("generated", posix.normalize(file));
}

/** Conditions in the order in which Node would take them; types are no module. */
function firstModule(target: unknown): string | undefined {
  if (typeof target === "string") return /\.m?js$/.test(target) ? target : undefined;
  if (typeof target !== "object" || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (condition === "types" || condition === "require") continue;
    const found = firstModule(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Packages after those they depend on; otherwise by name. */
export function inDependencyOrder(packages: readonly ContractPackage[]): readonly ContractPackage[] {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const ordered = new Set<ContractPackage>();
  const visit = (each: ContractPackage, trail: readonly string[]): void => {
    if (ordered.has(each)) return;
    if (trail.includes(each.name)) {
      const circle = [...trail.slice(trail.indexOf(each.name)), each.name].join(" → ");
      throw new PackageProblem(
        `Contract packages depend on each other in a circle: ${circle}. Move what they share into one of them.`,
      );
    }
    for (const name of [...each.dependencies].sort()) {
      const dependency = byName.get(name);
      if (dependency !== undefined) visit(dependency, [...trail, each.name]);
    }
    ordered.add(each);
  };
  for (const each of [...packages].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) visit(each, []);
  return [...ordered];
}

/** A path relative to a package, with `/`. */
export function relativeTo(dir: string, file: string): string {
  return relative(dir, file).replaceAll("\\", "/");
}
