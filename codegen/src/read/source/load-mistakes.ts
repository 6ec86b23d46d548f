import { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostic.ts";
import { relativeTo, type ContractPackage } from "../contract-package.ts";
import { resolveLocal } from "../module-graph.ts";
import type { ContractSource } from "./contract-source.ts";

/** What is wrong with a contract module that threw while it was loaded, and where. */
export function loadMistake(
  error: unknown,
  contract: ContractPackage,
  source: ContractSource,
  files: readonly ts.SourceFile[],
): Diagnostic {
  const message = messageOf(error);
  const frame = frameIn(error, files);
  const node = contractPart(error, source, frame) ?? failedImport(message, files);
  if (node !== undefined) return at(source, node, message);
  if (frame !== undefined) {
    return { file: relativeTo(contract.dir, frame.file.fileName), line: frame.line, column: frame.column, message };
  }
  return { file: contract.source, message };
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
  return error.name === "Error" ? firstLine : `${error.name}: ${firstLine}`;
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

/** The import that a loader's message speaks of. */
function failedImport(message: string, files: readonly ts.SourceFile[]): ts.Node | undefined {
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  const [, requested, name] = /requested module '([^']+)' does not provide an export named '([^']+)'/.exec(message) ?? [];
  const subpath = /Package subpath '\.([^']+)' is not defined/.exec(message)?.[1];
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const specifier = statement.moduleSpecifier;
      if (specifier === undefined || !ts.isStringLiteral(specifier)) continue;
      const { text } = specifier;
      if (requested !== undefined && text === requested) return importedName(statement, name) ?? specifier;
      if (subpath !== undefined && text.endsWith(subpath)) return specifier;
      if (missing !== undefined && (text === missing || text.startsWith(`${missing}/`) || isFile(file, text, missing)))
        return specifier;
    }
  }
  return undefined;
}

function isFile(from: ts.SourceFile, specifier: string, missing: string): boolean {
  if (!specifier.startsWith(".") || resolveLocal(from.fileName, specifier) !== undefined) return false;
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
