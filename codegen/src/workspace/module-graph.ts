import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { shortHash } from "../model/hash.ts";
import { generator } from "../version.ts";
import { relativeTo, type ContractPackage } from "./contract-package.ts";
import { findInstalled, packageOf, readPackageJson, readText } from "./package-json.ts";

/** What a contract module is made of, found without parsing it: cheap enough for every run. */
export interface ModuleGraph {
  /** The contract module and the local modules that it imports; absolute paths, sorted. */
  readonly files: readonly string[];
  /** Bare specifiers that those modules import, sorted. */
  readonly specifiers: readonly string[];
  /** Hash of all that the generated code depends on. */
  readonly hash: string;
}

/**
 * Anything that looks like an import. A match inside a comment or a string only adds an input, which does
 * no harm; imports with computed names are not seen.
 */
const importLike = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\n]+)["']/g;

export function moduleGraph(contract: ContractPackage): ModuleGraph {
  const texts = new Map<string, string>();
  const specifiers = new Set<string>();
  const visit = (file: string): void => {
    if (texts.has(file)) return;
    const text = readText(file);
    if (text === undefined) return;
    texts.set(file, text);
    for (const [, specifier = ""] of text.matchAll(importLike)) {
      if (!specifier.startsWith(".")) specifiers.add(specifier);
      else {
        const local = resolveLocal(file, specifier);
        if (local !== undefined) visit(local);
      }
    }
  };
  visit(join(contract.dir, contract.source));
  const files = [...texts.keys()].sort();
  const facts = [
    generator,
    contract.name,
    contract.runtime,
    ...files.map((file) => `${relativeTo(contract.dir, file)} ${shortHash((texts.get(file) ?? "").replaceAll("\r\n", "\n"))}`),
    ...[...new Set([...specifiers].map(packageOf))].sort().map((name) => packageFact(name, contract.dir)),
  ];
  return { files, specifiers: [...specifiers].sort(), hash: shortHash(facts.join("\n")) };
}

/** Where TypeScript would look for a relative import. */
export function resolveLocal(from: string, specifier: string): string | undefined {
  const exact = resolve(dirname(from), specifier);
  const typescript = exact.replace(/\.(m?)js$/, ".$1ts");
  return [typescript, exact, `${exact}.ts`, join(exact, "index.ts")].find((file) => /\.\w+$/.test(file) && existsSync(file));
}

/**
 * What of an imported package the output may depend on: of a contract package its contract, else the
 * version. Not of zod and Ligature: they don't bring schemas of their own, and a new patch release of them
 * should not make every committed file look old.
 */
function packageFact(name: string, dir: string): string {
  const installed = name === "zod" || name === "ligature" ? undefined : findInstalled(name, dir);
  if (installed === undefined) return name;
  const json = readPackageJson(installed);
  const manifest = json?.ligature === undefined ? undefined : readText(join(installed, "contract.json"));
  // Without the manifest's own header, which changes with every comment.
  return `${name} ${manifest === undefined ? json?.version : shortHash(manifest.replace(/^ *"generated": .*$/m, ""))}`;
}
