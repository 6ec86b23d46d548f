import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostic.ts";
import { findInstalled, packageOf, relativeTo, resolveLocal, type ContractPackage } from "../../workspace/index.ts";
import { LoadingProblem } from "../load.ts";
import type { ContractSource } from "./contract-source.ts";

/** What is wrong with a contract module that threw while it was loaded, and where. */
export function loadMistakes(
  error: unknown,
  contract: ContractPackage,
  source: ContractSource,
  files: readonly ts.SourceFile[],
): readonly Diagnostic[] {
  const { problems } = ((error as { readonly details?: unknown } | null)?.details ?? {}) as { readonly problems?: unknown };
  if (!Array.isArray(problems)) return [loadMistake(error, contract, source, files)];
  const frame = frameIn(error, files);
  return (problems as readonly { readonly path: unknown; readonly message: string }[]).map(({ path, message }) => {
    const part = contractPart({ details: { path } }, source, frame);
    return part === undefined ? { file: contract.source, message } : at(source, part, message);
  });
}

function loadMistake(
  error: unknown,
  contract: ContractPackage,
  source: ContractSource,
  files: readonly ts.SourceFile[],
): Diagnostic {
  const message = messageOf(error).replaceAll(`${contract.dir}/`, "");
  if (error instanceof LoadingProblem && error.waits) {
    const awaited = files.map(topLevelAwait).find((node) => node !== undefined);
    if (awaited !== undefined) return at(source, awaited, message);
  }
  const frame = frameIn(error, files);
  const part = contractPart(error, source, frame);
  if (part !== undefined) return at(source, part, message);
  const missing = missingImport(error, files, contract.dir);
  if (missing !== undefined) return at(source, missing, aliasOf(missing, contract.dir) ?? notFound(missing.text));
  const name = missingExport(message, files);
  if (name !== undefined) return at(source, name, message);
  if (frame !== undefined) {
    return { file: relativeTo(contract.dir, frame.file.fileName), line: frame.line, column: frame.column, message };
  }
  return { file: contract.source, message };
}

/** An `await` outside of any function. */
function topLevelAwait(file: ts.SourceFile): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (ts.isFunctionLike(node)) return undefined;
    return ts.isAwaitExpression(node) ? node : ts.forEachChild(node, find);
  };
  return find(file);
}

/** A mistake at a node. */
export function at(source: ContractSource, node: ts.Node, message: string): Diagnostic {
  const { file, line, column } = source.position(node);
  return { file, line: line + 1, column: column + 1, message };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `the module threw ${String(error)}`;
  const { rawMessage } = error as { readonly rawMessage?: unknown };
  if (typeof rawMessage === "string") return rawMessage;
  const firstLine = error.message.split("\n")[0] ?? "";
  return error.name === "Error" || error instanceof LoadingProblem || error.name === "SyntaxError"
    ? firstLine
    : `${error.name}: ${firstLine}`;
}

/** The part of the contract that a LigatureError's `details.path` names. */
function contractPart(error: unknown, source: ContractSource, frame: Frame | undefined): ts.Node | undefined {
  const path = (error as { readonly details?: { readonly path?: unknown } } | null)?.details?.path;
  if (!Array.isArray(path)) return undefined;
  const calls = source.contractCalls();
  const call = calls.find((each) => frame !== undefined && isAt(each, frame)) ?? calls[0];
  if (call === undefined) return undefined;
  let node: ts.Node = path.length === 0 ? (call.arguments[0] ?? call) : call;
  let inside: ts.Node | undefined = call.arguments[1];
  for (const name of path) {
    inside = inside === undefined ? undefined : source.step(inside, { prop: String(name) });
    if (inside === undefined) break;
    node = inside;
  }
  return node;
}

interface Frame {
  readonly file: ts.SourceFile;
  /** 1-based, as stacks count. */
  readonly line: number;
  readonly column: number;
}

/** The innermost line of the stack that lies in one of the contract's own modules. */
function frameIn(error: unknown, files: readonly ts.SourceFile[]): Frame | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const place = /(?:file:\/\/)?([^()\s?]+)(?:\?[^:)\s]*)?:(\d+):(\d+)\)?:?/.exec(line);
    const file = files.find((each) => each.fileName === place?.[1]);
    if (file !== undefined) return { file, line: Number(place?.[2]), column: Number(place?.[3]) };
  }
  return undefined;
}

function isAt(node: ts.Node, frame: Frame): boolean {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return file === frame.file && line + 1 === frame.line;
}

function notFound(specifier: string): string {
  if (specifier.startsWith(".")) return `cannot find the module ${JSON.stringify(specifier)}.`;
  return `cannot find the package ${JSON.stringify(specifier)}, or what it should export there. Install it, or build it.`;
}

/** What to write instead of a name that only a tsconfig.json knows; undefined when it isn't one. */
function aliasOf(literal: ts.StringLiteral, dir: string): string | undefined {
  const { text } = literal;
  if (text.startsWith(".")) return undefined;
  const config = ts.findConfigFile(dir, (path) => ts.sys.fileExists(path));
  if (config === undefined) return undefined;
  const read: unknown = ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(read ?? {}, ts.sys, dirname(config), undefined, config);
  const from = literal.getSourceFile().fileName;
  const { resolvedModule } = ts.resolveModuleName(text, from, { ...options, moduleResolution: bundler }, ts.sys);
  if (resolvedModule === undefined || resolvedModule.isExternalLibraryImport === true) return undefined;
  const path = relativeTo(dirname(from), resolvedModule.resolvedFileName).replace(/\.(m?)tsx?$/, ".$1js");
  const relative = path.startsWith(".") ? path : `./${path}`;
  return `${JSON.stringify(text)} is an alias of ${relativeTo(dir, config)}, which Node doesn't know when it runs the contract, here or where it is installed. Import ${JSON.stringify(relative)}.`;
}

const bundler = ts.ModuleResolutionKind.Bundler;

/** The specifier of the import that the loader couldn't find. */
function missingImport(error: unknown, files: readonly ts.SourceFile[], dir: string): ts.StringLiteral | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if ((code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") || typeof message !== "string")
    return undefined;
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  const subpath = /Package subpath '\.([^']+)' is not defined/.exec(message)?.[1];
  return importsOf(files)
    .map(({ specifier }) => specifier)
    .find((specifier) => {
      const { text } = specifier;
      if (subpath !== undefined) return text.endsWith(subpath);
      if (missing === undefined) return false;
      if (text.startsWith(".")) return isFile(specifier.getSourceFile(), text, missing);
      // The package is there, and what it exports isn't: not built yet, as a rule.
      const installed = findInstalled(packageOf(text), dir);
      return (
        text === missing ||
        text.startsWith(`${missing}/`) ||
        (installed !== undefined && missing.startsWith(realpathSync(installed)))
      );
    });
}

/** The name that an import wants and its module doesn't export. */
function missingExport(message: string, files: readonly ts.SourceFile[]): ts.Node | undefined {
  const [, requested, name] = /requested module '([^']+)' does not provide an export named '([^']+)'/.exec(message) ?? [];
  if (requested === undefined) return undefined;
  for (const { statement, specifier } of importsOf(files)) {
    const found = specifier.text === requested ? importedName(statement, name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

type Import = { readonly statement: ts.ImportDeclaration | ts.ExportDeclaration; readonly specifier: ts.StringLiteral };

function importsOf(files: readonly ts.SourceFile[]): readonly Import[] {
  return files.flatMap((file) =>
    file.statements.flatMap((statement): readonly Import[] => {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
      const specifier = statement.moduleSpecifier;
      return specifier !== undefined && ts.isStringLiteral(specifier) ? [{ statement, specifier }] : [];
    }),
  );
}

function isFile(from: ts.SourceFile, specifier: string, missing: string): boolean {
  if (resolveLocal(from.fileName, specifier) !== undefined) return false;
  const stem = specifier.replace(/^[./]+/, "").replace(/\.\w+$/, "");
  return missing
    .replaceAll("\\", "/")
    .replace(/\.\w+$/, "")
    .endsWith(stem);
}

function importedName(statement: ts.ImportDeclaration | ts.ExportDeclaration, name: string | undefined): ts.Node | undefined {
  const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
  if (bindings === undefined || (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings))) return undefined;
  return [...bindings.elements].find((each) => (each.propertyName ?? each.name).text === name);
}
