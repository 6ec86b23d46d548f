import { join } from "node:path";
import { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostic.ts";
import type { Origin } from "../../model/origin.ts";
import { relativeTo, type ContractPackage } from "../../workspace/index.ts";
import { jsDocOf } from "./jsdoc.ts";
import { isCast, nameOf, resolve, stepInto, valueOf, type Step } from "./navigate.ts";
import { Sources } from "./parse.ts";

/**
 * A contract package's source as the rest of the reader sees it: questions about contracts in, plain data
 * out. Purely syntactic; what it can't follow, it says nothing about.
 */
export class ContractSource {
  readonly #package: ContractPackage;
  readonly #sources = new Sources();
  readonly #main: ts.SourceFile;

  constructor(contract: ContractPackage) {
    this.#package = contract;
    this.#main = this.#sources.file(join(contract.dir, contract.source));
  }

  /** The contract module and every local module it is made of. */
  parse(files: readonly string[]): readonly ts.SourceFile[] {
    return files.filter((file) => /\.m?[jt]s$/.test(file)).map((file) => this.#sources.file(file));
  }

  /** What an export of the contract module stands for. */
  exported(name: string): ts.Node | undefined {
    return this.#sources.exported(name, this.#main);
  }

  /** What an export of another of the contract's modules stands for. */
  exportedFrom(file: string, name: string): ts.Node | undefined {
    return this.#sources.exported(name, this.#sources.file(file));
  }

  /**
   * The local modules that are loaded with the contract for certain: those that a const, or everything, is imported
   * from. What only a type is imported from isn't there at run time, and may be a program.
   */
  loadedModules(): readonly string[] {
    const found = new Set<string>([this.#main.fileName]);
    for (const file of found) for (const module of this.#sources.valueImports(file)) found.add(module);
    found.delete(this.#main.fileName);
    return [...found].sort();
  }

  /** The `contract(…)` call that an expression or a const stands for. */
  contractOptions(declaration: ts.Node | undefined): ts.Expression | undefined {
    const call = declaration === undefined ? undefined : valueOf(declaration);
    return call !== undefined && ts.isCallExpression(call) ? call.arguments[1] : undefined;
  }

  /** All calls of `contract(…)` in the contract module, for mistakes that keep it from loading. */
  contractCalls(): readonly ts.CallExpression[] {
    const calls: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "contract") calls.push(node);
      ts.forEachChild(node, visit);
    };
    visit(this.#main);
    return calls;
  }

  /** The object literal that a property's value is, if it is one. */
  object(node: ts.Node | undefined): ts.ObjectLiteralExpression | undefined {
    const value = node === undefined ? undefined : resolve(this.#sources, node);
    return value !== undefined && ts.isObjectLiteralExpression(value) ? value : undefined;
  }

  step(node: ts.Node, step: Step): ts.Node | undefined {
    return stepInto(this.#sources, node, step);
  }

  /** Whether there is a cast on the way from a name to the expression that makes its value. */
  isCast(node: ts.Node): boolean {
    let found = false;
    resolve(this.#sources, node, (each) => (found ||= isCast(each)));
    return found;
  }

  doc(node: ts.Node): string | undefined {
    const owner = ts.isVariableDeclaration(node) ? node.parent.parent : node;
    return ts.isVariableStatement(owner) || ts.isObjectLiteralElement(owner) ? jsDocOf(owner) : undefined;
  }

  /** The position of the name that a property or a const declares. */
  origin(node: ts.Node): Origin | undefined {
    const isNamed = ts.isVariableDeclaration(node) || (ts.isObjectLiteralElement(node) && node.name !== undefined);
    return isNamed && node.name !== undefined && nameOf(node.name) !== undefined ? this.position(node.name) : undefined;
  }

  /** The position of any node. */
  position(node: ts.Node): Origin {
    const name =
      (ts.isObjectLiteralElement(node) || ts.isVariableDeclaration(node)) && node.name !== undefined ? node.name : node;
    const file = name.getSourceFile();
    const { line, character } = file.getLineAndCharacterOfPosition(name.getStart(file));
    return { file: relativeTo(this.#package.dir, file.fileName), line, column: character, length: name.getWidth(file) };
  }

  /** A mistake at a place that no node stands for. */
  diagnostic(file: ts.SourceFile, offset: number, message: string): Diagnostic {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { file: relativeTo(this.#package.dir, file.fileName), line: line + 1, column: character + 1, message };
  }
}
