import { readFileSync } from "node:fs";
import { ts } from "ts-morph";
import { resolveLocal } from "../../workspace/index.ts";

/** The source files of one contract package, parsed and never type-checked. */
export class Sources {
  readonly #files = new Map<string, ts.SourceFile>();

  /** A file's syntax tree; parsed once. */
  file(path: string): ts.SourceFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const parsed = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    this.#files.set(path, parsed);
    return parsed;
  }

  /**
   * What a top-level name of a file stands for: its declaration there, or in the local module that it is
   * imported or re-exported from. Undefined for anything else, such as an import of a package.
   */
  declaration(
    name: string,
    file: ts.SourceFile,
    trail: readonly string[] = [],
  ): ts.VariableDeclaration | ts.Expression | undefined {
    const key = `${file.fileName}#${name}`;
    if (trail.includes(key)) return undefined;
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement)) {
        const found = statement.declarationList.declarations.find(
          (each) => ts.isIdentifier(each.name) && each.name.text === name,
        );
        if (found !== undefined) return found;
      }
      if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
        const original = ts.isImportDeclaration(statement) ? importedAs(statement, name) : undefined;
        const found = original === undefined ? undefined : this.#elsewhere(statement, original, file, [...trail, key]);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** The declaration behind an exported name; of `export default <expression>`, the expression. */
  exported(name: string, file: ts.SourceFile, trail: readonly string[] = []): ts.VariableDeclaration | ts.Expression | undefined {
    const key = `${file.fileName}#export ${name}`;
    if (trail.includes(key)) return undefined;
    for (const statement of file.statements) {
      if (ts.isExportAssignment(statement) && name === "default") {
        const { expression } = statement;
        return ts.isIdentifier(expression) ? this.declaration(expression.text, file) : expression;
      }
      if (!ts.isExportDeclaration(statement)) continue;
      const local = exportedFrom(statement, name);
      if (local === undefined) continue;
      const found =
        statement.moduleSpecifier === undefined
          ? this.declaration(local, file, [...trail, key])
          : this.#elsewhere(statement, local, file, [...trail, key]);
      if (found !== undefined) return found;
    }
    return this.declaration(name, file);
  }

  /** Local modules that a file imports values from: a const by its name, or all there is. */
  valueImports(path: string): readonly string[] {
    const file = this.file(path);
    return file.statements.flatMap((statement) => {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
      const specifier = statement.moduleSpecifier;
      if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) return [];
      const target = resolveLocal(path, specifier.text);
      return target !== undefined && /\.m?[jt]s$/.test(target) && this.#importsValue(statement, target) ? [target] : [];
    });
  }

  #importsValue(statement: ts.ImportDeclaration | ts.ExportDeclaration, target: string): boolean {
    const isType = ts.isExportDeclaration(statement)
      ? statement.isTypeOnly
      : statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (isType) return false;
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return true;
    return [...bindings.elements].some(
      (each) => !each.isTypeOnly && this.exported((each.propertyName ?? each.name).text, this.file(target)) !== undefined,
    );
  }

  #elsewhere(
    statement: ts.ImportDeclaration | ts.ExportDeclaration,
    name: string,
    file: ts.SourceFile,
    trail: readonly string[],
  ): ts.VariableDeclaration | ts.Expression | undefined {
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) return undefined;
    const path = resolveLocal(file.fileName, specifier.text);
    return path === undefined ? undefined : this.exported(name, this.file(path), trail);
  }
}

/** The name that an import statement knows the local name by, in the module it imports. */
function importedAs(statement: ts.ImportDeclaration, local: string): string | undefined {
  const clause = statement.importClause;
  if (clause?.name?.text === local) return "default";
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
  const specifier = bindings.elements.find((each) => each.name.text === local);
  return specifier === undefined ? undefined : (specifier.propertyName ?? specifier.name).text;
}

/** The name behind `export { local as name }`; for `export *`, the name itself. */
function exportedFrom(statement: ts.ExportDeclaration, name: string): string | undefined {
  const clause = statement.exportClause;
  if (clause === undefined) return name;
  if (!ts.isNamedExports(clause)) return undefined;
  const specifier = clause.elements.find((each) => each.name.text === name);
  return specifier === undefined ? undefined : (specifier.propertyName ?? specifier.name).text;
}
