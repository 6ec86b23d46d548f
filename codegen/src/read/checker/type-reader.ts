import { ts } from "ts-morph";
import { keyword, unionOf, type PropNode, type TypeNode } from "../../model/type-node.ts";
import { jsDocOf } from "../source/index.ts";
import type { TypeNames } from "./type-names.ts";
import { Unprintable } from "./unprintable.ts";

/** A type that contains itself, and so needs a name in the generated code. */
export interface DeclaredType {
  readonly id: string;
  /** As it is called in the source. */
  readonly name: string;
  readonly doc?: string | undefined;
  readonly type: TypeNode;
}

/** Turns the compiler's types into ours: flat, but for what has a name that every reader of the generated code knows. */
export class TypeReader {
  readonly #checker: ts.TypeChecker;
  readonly #names: TypeNames;
  readonly #declared = new Map<ts.Type, DeclaredType | { readonly id: string; readonly name: string }>();
  readonly #reading = new Set<ts.Type>();

  constructor(checker: ts.TypeChecker, names: TypeNames) {
    this.#checker = checker;
    this.#names = names;
  }

  /** Types that contain themselves, met so far. */
  declared(): readonly DeclaredType[] {
    return [...this.#declared.values()].filter((each): each is DeclaredType => "type" in each);
  }

  /** @throws Unprintable */
  read(type: ts.Type): TypeNode {
    const simple = this.#simple(type) ?? this.#brand(type);
    if (simple !== undefined) return simple;
    const known = this.#declared.get(type);
    if (known !== undefined) return { kind: "named", id: known.id, side: "output" };
    if (this.#reading.has(type)) return this.#declare(type);
    this.#reading.add(type);
    try {
      const read = this.#composed(type);
      const own = this.#declared.get(type);
      if (own === undefined) return read;
      const doc = docOf(type);
      this.#declared.set(type, { ...own, type: read, ...(doc !== undefined && { doc }) });
      return { kind: "named", id: own.id, side: "output" };
    } finally {
      this.#reading.delete(type);
    }
  }

  /** The parts of a type that are brands of zod's. */
  brands(type: ts.Type): readonly TypeNode[] {
    const parts = type.isIntersection()
      ? type.types
      : type.isUnion()
        ? type.types.flatMap((each) => (each.isIntersection() ? each.types : [each]))
        : [type];
    const brands = new Map(
      parts.flatMap((part) => {
        const brand = this.#brand(part);
        return brand === undefined ? [] : [[JSON.stringify(brand), brand] as const];
      }),
    );
    return [...brands.values()];
  }

  #declare(type: ts.Type): TypeNode {
    const symbol = type.aliasSymbol ?? type.symbol;
    const name = symbol?.name ?? "__type";
    if (name.startsWith("__")) {
      throw new Unprintable("its type contains itself and has no name. Give it one: declare it as an interface or a type.");
    }
    const id = `type ${name} ${this.#declared.size}`;
    this.#declared.set(type, { id, name });
    return { kind: "named", id, side: "output" };
  }

  #simple(type: ts.Type): TypeNode | undefined {
    const { flags } = type;
    const is = (flag: ts.TypeFlags): boolean => (flags & flag) !== 0;
    if (is(ts.TypeFlags.Any)) throw new Unprintable(anyMessage);
    if (is(ts.TypeFlags.Unknown)) return keyword("unknown");
    if (is(ts.TypeFlags.String)) return keyword("string");
    // NaN is a number for the compiler, so every number may be one; those that come from a schema can't.
    if (is(ts.TypeFlags.Number)) return keyword("number");
    if (is(ts.TypeFlags.Boolean)) return keyword("boolean");
    if (is(ts.TypeFlags.BigInt)) return keyword("bigint");
    if (is(ts.TypeFlags.Null)) return keyword("null");
    if (is(ts.TypeFlags.Undefined)) return keyword("undefined");
    if (is(ts.TypeFlags.Void)) return keyword("void");
    if (is(ts.TypeFlags.Never)) return keyword("never");
    if (is(ts.TypeFlags.NonPrimitive)) return { kind: "global", name: "object", args: [] };
    if (type.isStringLiteral()) return { kind: "literal", text: JSON.stringify(type.value) };
    if (type.isNumberLiteral())
      return Number.isFinite(type.value) ? { kind: "literal", text: String(type.value) } : keyword("number");
    if (is(ts.TypeFlags.BooleanLiteral)) return { kind: "literal", text: this.#checker.typeToString(type) };
    if (is(ts.TypeFlags.BigIntLiteral)) {
      const { negative, base10Value } = (type as ts.BigIntLiteralType).value;
      return { kind: "literal", text: `${negative ? "-" : ""}${base10Value}n` };
    }
    if (is(ts.TypeFlags.ESSymbolLike)) throw new Unprintable("its type contains a symbol, which JSON can't carry.");
    if (is(ts.TypeFlags.TemplateLiteral)) return this.#template(type as ts.TemplateLiteralType);
    if (is(ts.TypeFlags.StringMapping)) {
      const { symbol, type: of } = type as ts.StringMappingType;
      return { kind: "global", name: symbol.name, args: [this.read(of)] };
    }
    return undefined;
  }

  #template({ texts, types }: ts.TemplateLiteralType): TypeNode {
    const parts = texts.flatMap((text, index) => {
      const type = types[index];
      return [...(text === "" ? [] : [text]), ...(type === undefined ? [] : [this.read(type)])];
    });
    return { kind: "template", parts };
  }

  #composed(type: ts.Type): TypeNode {
    if (type.isUnion()) return this.#union(type.types);
    if (type.isIntersection()) return { kind: "intersection", members: type.types.map((each) => this.read(each)) };
    if ((type.flags & ts.TypeFlags.Object) === 0) {
      throw new Unprintable(
        `its type, ${this.#checker.typeToString(type)}, is still open. Give it types that are known where it is used.`,
      );
    }
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TupleTypeReference);
    if (this.#checker.isArrayType(type)) return this.#array(type as ts.TypeReference);
    return this.#names.name(type, (arg) => this.read(arg)) ?? this.#object(type);
  }

  /** The compiler sees `boolean` as `false | true`; enums are unions of their members. */
  #union(types: readonly ts.Type[]): TypeNode {
    const members = types.map((each) => this.read(each));
    const isBoolean = (text: string): boolean => members.some((each) => each.kind === "literal" && each.text === text);
    if (!isBoolean("true") || !isBoolean("false")) return unionOf(members);
    const first = members.findIndex(isBooleanLiteral);
    return unionOf(
      members.flatMap((each, index) => (index === first ? [keyword("boolean")] : isBooleanLiteral(each) ? [] : [each])),
    );
  }

  #array(type: ts.TypeReference): TypeNode {
    const [element] = this.#checker.getTypeArguments(type);
    const readonly = type.symbol.name === "ReadonlyArray";
    return {
      kind: "array",
      element: element === undefined ? keyword("never") : this.read(element),
      ...(readonly && { readonly }),
    };
  }

  #tuple(type: ts.TupleTypeReference): TypeNode {
    const { elementFlags, readonly } = type.target;
    const elements = this.#checker.getTypeArguments(type);
    const isRest = (index: number): boolean => ((elementFlags[index] ?? 0) & ts.ElementFlags.Rest) !== 0;
    const last = elements.at(-1);
    const hasRest = elements.length > 0 && isRest(elements.length - 1);
    const fixed = hasRest ? elements.slice(0, -1) : elements;
    if (fixed.some((_, index) => ((elementFlags[index] ?? 0) & ts.ElementFlags.Variable) !== 0)) {
      throw new Unprintable(
        "its type contains a tuple with elements behind its `...rest`, which no schema has either. Put the rest last.",
      );
    }
    return {
      kind: "tuple",
      items: fixed.map((each, index) => {
        const optional = ((elementFlags[index] ?? 0) & ts.ElementFlags.Optional) !== 0;
        return { type: optional ? this.#present(each) : this.read(each), optional };
      }),
      ...(hasRest && last !== undefined && { rest: this.read(last) }),
      ...(readonly && { readonly }),
    };
  }

  #object(type: ts.Type): TypeNode {
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) {
      throw new Unprintable(
        "its type contains a function, which no message can carry. Make it a method of an exported class or interface, or leave it out.",
      );
    }
    const props = this.#checker.getPropertiesOfType(type).map((each) => this.#prop(each));
    const maps = this.#checker.getIndexInfosOfType(type).map(({ keyType, type: value, isReadonly }): TypeNode => ({
      kind: "record",
      key: this.read(keyType),
      value: this.read(value),
      optional: false,
      ...(isReadonly && { readonly: true }),
    }));
    const [only, ...others] = maps;
    if (only === undefined) return { kind: "object", props };
    if (props.length === 0 && others.length === 0) return only;
    return { kind: "intersection", members: [...(props.length > 0 ? [{ kind: "object" as const, props }] : []), ...maps] };
  }

  #prop(symbol: ts.Symbol): PropNode {
    if (symbol.name.startsWith("__@")) throw new Unprintable("its type has a symbol for a key, which JSON can't carry.");
    const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
    const type = this.#checker.getTypeOfSymbol(symbol);
    const declaration = symbol.declarations?.[0];
    const doc = declaration === undefined ? undefined : jsDocOf(declaration);
    return {
      key: ts.unescapeLeadingUnderscores(symbol.escapedName),
      type: optional ? this.#present(type) : this.read(type),
      optional,
      ...(isReadonlyProperty(symbol) && { readonly: true }),
      ...(doc !== undefined && { doc }),
    };
  }

  /** Under exactOptionalPropertyTypes a key that may be missing has a marker for that in its type, beside a real `undefined`. */
  #present(type: ts.Type): TypeNode {
    const isMissing = (each: ts.Type): boolean =>
      (each.flags & ts.TypeFlags.Undefined) !== 0 && each !== this.#checker.getUndefinedType();
    if (!type.isUnion()) return isMissing(type) ? keyword("never") : this.read(type);
    return type.types.some(isMissing) ? this.#union(type.types.filter((each) => !isMissing(each))) : this.read(type);
  }

  /** `z.$brand<"Name">` */
  #brand(type: ts.Type): TypeNode | undefined {
    if (type.aliasSymbol?.name !== "$brand") return undefined;
    return {
      kind: "imported",
      from: "zod",
      name: "$brand",
      args: (type.aliasTypeArguments ?? []).map((each) => this.read(each)),
    };
  }
}

export const anyMessage: string =
  "its type is `any`, so nobody would be told what to send or to expect. Say the type: `z.custom<…>()`, a return type on the function, or z.codec() with a schema for each side.";

function isBooleanLiteral(type: TypeNode): boolean {
  return type.kind === "literal" && (type.text === "true" || type.text === "false");
}

/** As the compiler notes it, of a mapped type for instance, or as it is written; a mapped type's property is written elsewhere. */
function isReadonlyProperty(symbol: ts.Symbol): boolean {
  const { links } = symbol as { readonly links?: { readonly checkFlags?: number } };
  const noted = 8;
  if (((links?.checkFlags ?? 0) & noted) !== 0) return true;
  if ((symbol.flags & ts.SymbolFlags.GetAccessor) !== 0 && (symbol.flags & ts.SymbolFlags.SetAccessor) === 0) return true;
  const { valueDeclaration } = symbol;
  return valueDeclaration !== undefined && (ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Readonly) !== 0;
}

function docOf(type: ts.Type): string | undefined {
  const declaration = (type.aliasSymbol ?? type.symbol)?.declarations?.[0];
  return declaration === undefined ? undefined : jsDocOf(declaration);
}
