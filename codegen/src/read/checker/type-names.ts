import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { ts } from "ts-morph";
import type { TypeNode } from "../../model/type-node.ts";
import { relativeTo, type ContractPackage } from "../../workspace/index.ts";
import { Unprintable } from "./unprintable.ts";

/** Decides which types are printed by their name, and where that name comes from. */
export class TypeNames {
  readonly #program: ts.Program;
  readonly #contract: ContractPackage;
  /** Modules of packages that the contract imports, by specifier. */
  readonly #modules: ReadonlyMap<string, ts.Symbol>;

  constructor(program: ts.Program, contract: ContractPackage, modules: ReadonlyMap<string, ts.Symbol>) {
    this.#program = program;
    this.#contract = contract;
    this.#modules = modules;
  }

  /**
   * A type by name: a global one, or a class or an interface that can be imported. Undefined: it is to be
   * printed with all that is in it.
   * @throws Unprintable for what has neither a reachable name nor a form that could be written out
   */
  name(type: ts.Type, read: (arg: ts.Type) => TypeNode): TypeNode | undefined {
    const frozen = this.#frozen(type);
    if (frozen !== undefined) return { kind: "global", name: "Readonly", args: [read(frozen)] };
    const { symbol } = type;
    const declaration = symbol?.declarations?.[0];
    if (declaration === undefined || (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) return undefined;
    const file = declaration.getSourceFile();
    const args = (): readonly TypeNode[] => argsOf(this.#program.getTypeChecker(), type).map(read);
    if (this.#program.isSourceFileDefaultLibrary(file)) return this.#global(symbol, args);
    const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
    const isLocal = !this.#isForeign(file);
    // Data is written out, whoever calls it what: its readers need nothing but the generated file.
    if (!isClass && !hasMethods(type)) return undefined;
    const found = this.#inPackages(symbol) ?? (isLocal ? this.#inOwnModules(symbol, file) : undefined);
    if (found !== undefined) return { kind: "imported", ...found, args: args() };
    throw new Unprintable(
      `its type contains the ${isClass ? "class" : "interface"} ${symbol.name} of ${isLocal ? relativeTo(this.#contract.dir, file.fileName) : "a package that the contract doesn't import"}, which can't be imported from there. Export it, or describe what is sent with a schema: z.codec() has one for each side.`,
    );
  }

  /** What is in `Readonly<URL>`: written out, it would be all that a URL has, methods too. */
  #frozen(type: ts.Type): ts.Type | undefined {
    const [inner] = type.aliasSymbol?.name === "Readonly" ? (type.aliasTypeArguments ?? []) : [];
    const file = inner?.symbol?.declarations?.[0]?.getSourceFile();
    const isNamed = ((inner?.symbol?.flags ?? 0) & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
    return isNamed && file !== undefined && this.#program.isSourceFileDefaultLibrary(file) ? inner : undefined;
  }

  #global(symbol: ts.Symbol, args: () => readonly TypeNode[]): TypeNode {
    const { name } = symbol;
    if (name === "Function" || name === "CallableFunction") {
      throw new Unprintable("its type contains a function, which no message can carry.");
    }
    // Over any kind of buffer; before TypeScript 5.7 these had no parameter.
    const isBytes = /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$|^(DataView|ArrayBuffer)$/.test(name);
    return { kind: "global", name, args: isBytes ? [] : args() };
  }

  #isForeign(file: ts.SourceFile): boolean {
    return relativeTo(this.#contract.dir, file.fileName).startsWith("..") || file.fileName.includes("/node_modules/");
  }

  #inPackages(symbol: ts.Symbol): { readonly from: string; readonly name: string } | undefined {
    for (const [from, module] of this.#modules) {
      const name = this.#exportedAs(symbol, module);
      if (name !== undefined) return { from, name };
    }
    return undefined;
  }

  /**
   * From the built contract module, if that exports it: a bundler leaves no other. Else from the built module beside it:
   * `dist/money.js` for `src/money.ts`.
   */
  #inOwnModules(symbol: ts.Symbol, file: ts.SourceFile): { readonly from: string; readonly name: string } | undefined {
    const checker = this.#program.getTypeChecker();
    const { dir, source, runtime } = this.#contract;
    const exported = (from: ts.SourceFile | undefined): string | undefined => {
      const module = from && checker.getSymbolAtLocation(from);
      return module && this.#exportedAs(symbol, module);
    };
    const again = exported(this.#program.getSourceFile(join(dir, source)));
    if (again !== undefined) return { from: runtime, name: again };
    const name = exported(file);
    if (name === undefined) return undefined;
    const path = posix.relative(dirname(source), relativeTo(dir, file.fileName)).replace(/\.(m?)ts$/, ".$1js");
    const from = posix.join(posix.dirname(runtime), path);
    if (isBuilt(dir, runtime) && !isBuilt(dir, from)) {
      throw new Unprintable(
        `its type contains ${name} of ${relativeTo(dir, file.fileName)}, and ${posix.join("generated", from)} isn't there: the package is built as one file. Export ${name} from ${source}, too.`,
      );
    }
    return { from, name };
  }

  #exportedAs(symbol: ts.Symbol, module: ts.Symbol): string | undefined {
    const checker = this.#program.getTypeChecker();
    const found = checker.getExportsOfModule(module).find((each) => {
      const target = (each.flags & ts.SymbolFlags.Alias) === 0 ? each : checker.getAliasedSymbol(each);
      return target === symbol;
    });
    return found?.name;
  }
}

/** @param module as `generated/index.js` imports it */
function isBuilt(dir: string, module: string): boolean {
  return existsSync(join(dir, "generated", module));
}

/** Type arguments, without the `this` that the compiler keeps behind those of a class. */
function argsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const { target } = type as ts.TypeReference;
  const count = (target as ts.InterfaceType | undefined)?.typeParameters?.length ?? 0;
  return count === 0 ? [] : checker.getTypeArguments(type as ts.TypeReference).slice(0, count);
}

function hasMethods(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0 || type.getProperties().some(({ flags }) => (flags & ts.SymbolFlags.Method) !== 0);
}
