import { join } from "node:path";
import { ts } from "ts-morph";
import { asserted, type Side, type TypeNode } from "../../model/type-node.ts";
import type { ContractPackage, ModuleGraph } from "../../workspace/index.ts";
import type { Programs } from "./programs.ts";
import { TypeNames } from "./type-names.ts";
import { TypePaths, type TypePath, type TypeRoot } from "./type-path.ts";
import { anyMessage, TypeReader, type DeclaredType } from "./type-reader.ts";
import { Unprintable } from "./unprintable.ts";

export type { DeclaredType } from "./type-reader.ts";

const hidden =
  "what it gives is known only to the compiler, and an annotation (such as z.ZodType) around it hides that. Leave the annotation out, or use z.codec() with a schema for each side.";

interface Opened {
  readonly paths: TypePaths;
  readonly reader: TypeReader;
}

/** What the compiler knows of one contract package's schemas. */
export class CompilerTypes {
  readonly #contract: ContractPackage;
  readonly #graph: ModuleGraph;
  readonly #programs: Programs;
  #opened: Opened | undefined;

  constructor(contract: ContractPackage, graph: ModuleGraph, programs: Programs) {
    this.#contract = contract;
    this.#graph = graph;
    this.#programs = programs;
  }

  /** Types that contain themselves: the generated code has to give them names. */
  declared(): readonly DeclaredType[] {
    return this.#opened?.reader.declared() ?? [];
  }

  /**
   * The type of one side of a schema that can't say it itself.
   * @throws Unprintable
   */
  sideOf(path: TypePath | undefined, side: Side): TypeNode {
    const { paths, reader } = this.#open();
    const schema = path === undefined ? undefined : paths.type(path);
    if (schema === undefined) throw new Unprintable(hidden);
    const type = paths.side(schema, side);
    if (type === undefined) throw new Unprintable(hidden);
    return asserted(reader.read(type));
  }

  /**
   * A type that the walk over the loaded schema found, with what the compiler knows in addition: brands, and
   * what a type predicate narrows to.
   * @throws Unprintable
   */
  refined(path: TypePath | undefined, side: Side, walked: TypeNode): TypeNode {
    const { paths, reader } = this.#open();
    const schema = path === undefined ? undefined : paths.type(path);
    if (schema === undefined) return walked;
    if ((schema.flags & ts.TypeFlags.Any) !== 0) throw new Unprintable(anyMessage);
    if (!schema.isIntersection()) return walked;
    const type = paths.side(schema, side);
    if (type === undefined) return walked;
    // `this & z.ZodType<Narrowed>` is what a predicate makes; a brand adds no schema, only a type for the output.
    if (side === "output" && schema.types.some((each) => each.symbol?.name === "ZodType")) return asserted(reader.read(type));
    const brands = reader.brands(type);
    return brands.length === 0 ? walked : { kind: "intersection", members: [walked, ...brands] };
  }

  /**
   * What a schema is cast to, which nothing checks; the type that the walk found where the cast doesn't say more.
   * @throws Unprintable
   */
  casted(path: TypePath | undefined, side: Side, walked: TypeNode): TypeNode {
    const { paths, reader } = this.#open();
    const schema = path === undefined ? undefined : paths.type(path);
    if (schema === undefined) return walked;
    if ((schema.flags & ts.TypeFlags.Any) !== 0) throw new Unprintable(anyMessage);
    const type = paths.side(schema, side);
    if (type === undefined || (type.flags & ts.TypeFlags.Unknown) !== 0) return walked;
    return asserted(reader.read(type));
  }

  /** Whether the compiler takes the schemas at two places for one: `Id` and `Id.brand("User")` are one object at run time. */
  isSame(a: TypePath | undefined, b: TypePath | undefined): boolean {
    const { paths } = this.#open();
    const [one, other] = [a, b].map((path) => (path === undefined ? undefined : paths.type(path)));
    if (one === undefined || other === undefined || one === other) return true;
    if (!one.isIntersection() && !other.isIntersection()) return true;
    return (["input", "output"] as const).every((side) => {
      const [left, right] = [paths.side(one, side), paths.side(other, side)];
      return left === right;
    });
  }

  #open(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const program = this.#programs.of(this.#contract, this.#graph);
    const checker = program.getTypeChecker();
    const modules = importedModules(program, checker, this.#graph.files);
    const paths = new TypePaths(checker, (root) => this.#rootType(program, root, modules));
    this.#opened = { paths, reader: new TypeReader(checker, new TypeNames(program, this.#contract, modules)) };
    return this.#opened;
  }

  #rootType(program: ts.Program, root: TypeRoot, modules: ReadonlyMap<string, ts.Symbol>): ts.Type | undefined {
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(join(this.#contract.dir, root.module ?? this.#contract.source));
    const local = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    const module = root.module === undefined || root.module.startsWith(".") ? local : modules.get(root.module);
    const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === root.export);
    return symbol === undefined ? undefined : (annotatedContract(checker, symbol) ?? checker.getTypeOfSymbol(symbol));
  }
}

/**
 * The type of a contract whose author calls it a `ContractDefinition`, because the compiler doesn't write out the types of
 * hundreds of tasks (TS7056): that of the call.
 */
function annotatedContract(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Type | undefined {
  const { valueDeclaration } = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  if (valueDeclaration === undefined || !ts.isVariableDeclaration(valueDeclaration)) return undefined;
  const { type, initializer } = valueDeclaration;
  if (type === undefined || initializer === undefined) return undefined;
  const called = checker.getTypeAtLocation(initializer);
  return called.getProperty("~contract") === undefined ? undefined : called;
}

/** The modules of packages that the contract's own modules import, by specifier. */
function importedModules(program: ts.Program, checker: ts.TypeChecker, files: readonly string[]): ReadonlyMap<string, ts.Symbol> {
  const modules = new Map<string, ts.Symbol>();
  for (const path of files) {
    for (const statement of program.getSourceFile(path)?.statements ?? []) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const specifier = statement.moduleSpecifier;
      if (specifier === undefined || !ts.isStringLiteral(specifier) || specifier.text.startsWith(".")) continue;
      const symbol = checker.getSymbolAtLocation(specifier);
      if (symbol !== undefined) modules.set(specifier.text, symbol);
    }
  }
  return modules;
}
