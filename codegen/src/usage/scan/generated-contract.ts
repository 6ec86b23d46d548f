import { ts } from "ts-morph";
import { marker } from "../../write/index.ts";
import { readPackageJson, upwards } from "../../workspace/index.ts";
import { dirname } from "node:path";

/** A task, as a contract package's generated declarations name it. */
export interface KnownTask {
  readonly contract: string;
  /** The name on the wire. */
  readonly name: string;
  readonly key: string;
}

/** What a member of generated code stands for: the builders of signatures, or the stub. */
export type Role = "task" | "remote";

export interface Member {
  readonly role: Role;
  readonly task: KnownTask;
}

/** The generated declarations of one contract. */
export interface GeneratedContract {
  readonly contract: string;
  readonly package: string;
  /** By key. */
  readonly tasks: ReadonlyMap<string, KnownTask>;
  /** The interfaces by the role of their members. */
  readonly interfaces: ReadonlyMap<ts.InterfaceDeclaration, Role>;
}

/** Recognises generated declarations among a program's files. */
export class GeneratedContracts {
  readonly #files = new Map<ts.SourceFile, GeneratedContract | undefined>();

  constructor(program: ts.Program) {
    for (const file of program.getSourceFiles()) if (file.isDeclarationFile) this.of(file);
  }

  /** Those that the program imports. */
  all(): readonly GeneratedContract[] {
    return [...this.#files.values()].filter((each) => each !== undefined);
  }

  of(file: ts.SourceFile): GeneratedContract | undefined {
    if (!this.#files.has(file)) {
      this.#files.set(file, file.text.slice(0, 200).includes(marker) ? readGenerated(file) : undefined);
    }
    return this.#files.get(file);
  }

  /** The contract, and the role of its members, that an interface belongs to. */
  ofInterface(node: ts.Node | undefined): { readonly generated: GeneratedContract; readonly role: Role } | undefined {
    if (node === undefined || !ts.isInterfaceDeclaration(node)) return undefined;
    const generated = this.of(node.getSourceFile());
    const role = generated?.interfaces.get(node);
    return generated === undefined || role === undefined ? undefined : { generated, role };
  }

  /** What a declaration stands for, if it is a member of generated code. */
  member(declaration: ts.Node): Member | undefined {
    if (!ts.isPropertySignature(declaration)) return undefined;
    const found = this.ofInterface(declaration.parent);
    const key = textOf(declaration.name);
    const task = key === undefined ? undefined : found?.generated.tasks.get(key);
    return found === undefined || task === undefined ? undefined : { role: found.role, task };
  }
}

/**
 * `interface X extends Contract<XRemote, XHandlers>` has the builders; `XRemote` the stubs; `TaskRegistry` the
 * names: `"files.add": X["add"]`. What they are called is no matter: a contract's types may take a name.
 */
function readGenerated(file: ts.SourceFile): GeneratedContract | undefined {
  const interfaces = new Map(file.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each]));
  const own = [...interfaces.values()].find((each) => each.heritageClauses?.[0]?.types[0]?.typeArguments?.length === 2);
  if (own === undefined) return undefined;
  const [remote] = own.heritageClauses?.[0]?.types[0]?.typeArguments ?? [];
  const remoteName = remote !== undefined && ts.isTypeReferenceNode(remote) ? remote.typeName.getText() : "";
  const roles = new Map<ts.InterfaceDeclaration, Role>([[own, "task"]]);
  const stubs = interfaces.get(remoteName);
  if (stubs !== undefined) roles.set(stubs, "remote");
  const contract = valueName(file, own.name.text);
  if (contract === undefined) return undefined;
  const tasks = registered(file).map(({ name, key }): [string, KnownTask] => [key, { contract, name, key }]);
  return { contract, package: packageName(dirname(file.fileName)), tasks: new Map(tasks), interfaces: roles };
}

/** The name that the value of this type is exported under. */
function valueName(file: ts.SourceFile, type: string): string | undefined {
  const value = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find((each) => each.type?.getText() === type);
  const local = value?.name.getText();
  const exported = file.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) => (exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements : []))
    .find(({ propertyName }) => propertyName?.text === local);
  return exported?.name.text ?? local;
}

function registered(file: ts.SourceFile): readonly { readonly name: string; readonly key: string }[] {
  return file.statements
    .filter(ts.isModuleDeclaration)
    .flatMap(({ body }) => (body !== undefined && ts.isModuleBlock(body) ? body.statements : []))
    .filter(ts.isInterfaceDeclaration)
    .flatMap(({ members }) => members)
    .flatMap((each) => {
      if (!ts.isPropertySignature(each) || each.type === undefined || !ts.isIndexedAccessTypeNode(each.type)) return [];
      const name = textOf(each.name);
      const { indexType } = each.type;
      const isKey = ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal);
      return name === undefined || !isKey ? [] : [{ name, key: indexType.literal.text }];
    });
}

export function textOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** The name of the npm package that a folder lies in; empty where there is none. */
export function packageName(dir: string): string {
  for (const above of upwards(dir)) {
    const name = readPackageJson(above)?.name;
    if (name !== undefined) return name;
  }
  return "";
}
