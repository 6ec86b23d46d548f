import { ts } from "ts-morph";

/** An export that a way to a type begins at. */
export interface TypeRoot {
  /** A bare specifier; absent: the contract module. */
  readonly module?: string;
  readonly export: string;
}

/** A part of a schema, or a property of an object of options. */
export type TypeStep =
  | { readonly prop: string }
  | { readonly part: "inner" | "element" | "key" | "value" | "in" | "out" | number };

/** The way from an export to the static type of a schema: the same steps that the walk takes through the schemas themselves. */
export type TypePath = { readonly root: TypeRoot } | { readonly parent: TypePath; readonly step: TypeStep };

/** Follows paths to types. Undefined where a type says nothing of its parts: behind an annotation as `z.ZodType`, say. */
export class TypePaths {
  readonly #checker: ts.TypeChecker;
  readonly #rootType: (root: TypeRoot) => ts.Type | undefined;
  readonly #known = new WeakMap<TypePath, { readonly type: ts.Type | undefined }>();

  constructor(checker: ts.TypeChecker, rootType: (root: TypeRoot) => ts.Type | undefined) {
    this.#checker = checker;
    this.#rootType = rootType;
  }

  type(path: TypePath): ts.Type | undefined {
    const known = this.#known.get(path);
    if (known !== undefined) return known.type;
    const type = "root" in path ? this.#rootType(path.root) : this.#into(this.type(path.parent), path.step);
    this.#known.set(path, { type });
    return type;
  }

  /** `_zod.output` or `_zod.input` of a schema's type. */
  side(schema: ts.Type, side: "input" | "output"): ts.Type | undefined {
    return this.#property(this.#property(schema, "_zod"), side);
  }

  #into(type: ts.Type | undefined, step: TypeStep): ts.Type | undefined {
    // `any` stays `any`, so that it is met, and complained about, further in.
    if (type === undefined || (type.flags & ts.TypeFlags.Any) !== 0) return type;
    const def = this.#property(this.#property(type, "_zod"), "def");
    if (def === undefined) return "prop" in step ? this.#option(type, step.prop) : undefined;
    if ("prop" in step) return this.#property(this.#property(def, "shape"), step.prop);
    return this.#part(def, step.part);
  }

  /** A property of a contract's or a task's options. */
  #option(type: ts.Type, name: string): ts.Type | undefined {
    const option = this.#property(type, name);
    return option === undefined ? undefined : this.#checker.getNonNullableType(option);
  }

  #part(def: ts.Type, part: Exclude<TypeStep, { prop: string }>["part"]): ts.Type | undefined {
    const of = (name: string): ts.Type | undefined => this.#property(def, name);
    switch (part) {
      case "inner":
        return of("innerType") ?? this.#returned(of("getter"));
      case "element":
        return of("element") ?? of("valueType");
      case "key":
        return of("keyType");
      case "value":
        return of("valueType") ?? of("rest") ?? of("catchall");
      case "in":
      case "out":
        return of(part);
      default: {
        const list = of("options") ?? of("items") ?? of("parts");
        if (list === undefined) return part === 0 ? of("left") : of("right");
        return this.#property(list, String(part)) ?? this.#checker.getIndexTypeOfType(list, ts.IndexKind.Number);
      }
    }
  }

  #returned(getter: ts.Type | undefined): ts.Type | undefined {
    const signature = getter?.getCallSignatures()[0];
    return signature === undefined ? undefined : this.#checker.getReturnTypeOfSignature(signature);
  }

  #property(type: ts.Type | undefined, name: string): ts.Type | undefined {
    if (type === undefined || (type.flags & ts.TypeFlags.Any) !== 0) return type;
    const property = this.#checker.getPropertyOfType(type, name);
    return property === undefined ? undefined : this.#checker.getTypeOfSymbol(property);
  }
}
