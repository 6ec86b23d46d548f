import { ContractMistakes, type Diagnostic } from "../diagnostic.ts";
import type { ContractModel, ImportedTypeModel, NamedTypeModel, ValueModel } from "../model/contract-model.ts";
import { Fingerprints } from "../model/fingerprint.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { mapNames } from "../model/map-names.ts";
import type { Lookup } from "../model/plain.ts";
import type { Side, TypeNode } from "../model/type-node.ts";
import { visit } from "../model/visit.ts";
import type { TypePath } from "./checker/index.ts";
import {
  bySource,
  jsonNames,
  localSchemas,
  otherLocalSchemas,
  valuesOf,
  type NamedJson,
  type Value,
} from "./contract-schemas.ts";
import { queueOf } from "./delivery-of.ts";
import { HiddenJsonSchemas } from "./hidden-json.ts";
import { HiddenTypes } from "./hidden-types.ts";
import type { ForeignSchema, LoadedContract } from "./loaded-contract.ts";
import {
  acceptsUndefined,
  describeJson,
  jsonSchemas,
  jsonValue,
  jsonValueId,
  NamedTypes,
  orUndefined,
  Place,
  withoutSides,
  type NamedSchema,
} from "./schema/index.ts";
import { staysBehind } from "./stays-behind.ts";
import { errorModels, present, taskModel } from "./task-models.ts";

/** Puts together what the loaded contract and its source say. */
export function modelOf(loaded: LoadedContract): ContractModel {
  return new ModelBuilder(loaded).build();
}

class ModelBuilder {
  readonly #loaded: LoadedContract;
  readonly #types: NamedTypes;
  readonly #hidden: HiddenTypes;
  /** Exported by the contract module: they are in the generated code whether they are used or not. */
  readonly #exported: readonly NamedSchema[];
  /** Exported by the contract's other modules. */
  readonly #others: readonly NamedSchema[];
  readonly #imports: readonly ImportedTypeModel[];
  readonly #mistakes: Diagnostic[] = [];

  constructor(loaded: LoadedContract) {
    this.#loaded = loaded;
    const { foreign, source } = loaded;
    this.#exported = bySource(localSchemas(loaded));
    this.#others = bySource(otherLocalSchemas(loaded));
    const named = foreign.filter((each) => this.#hasName(each));
    const imported = named.map((each): NamedSchema => {
      const types = { root: { module: each.specifier, export: each.exportName } };
      const place = new Place(source, each.exportName, undefined, { types });
      return { id: `${each.package}#${each.exportName}`, exportName: each.exportName, schema: each.schema, place };
    });
    this.#imports = named.map((each) => this.#importOf(each));
    const note = (place: Place, message: string): void => {
      const nearest = place.nearest();
      const { file = loaded.contract.source } = nearest ?? {};
      this.#mistakes.push({ file, ...(nearest && { line: nearest.line + 1, column: nearest.column + 1 }), message });
    };
    this.#hidden = new HiddenTypes(loaded.compiler, loaded.hidesMore, note);
    this.#types = new NamedTypes([...imported, ...this.#exported, ...this.#others], this.#hidden);
  }

  build(): ContractModel {
    const { contract, graph, source, spec, exportName, zod, foreign, compiler } = this.#loaded;
    const declaration = source.exported(exportName);
    const types: TypePath = { parent: { root: { export: exportName } }, step: { prop: "~options" } };
    const root = new Place(source, spec.name, source.contractOptions(declaration), { types });
    const values = valuesOf(spec.tasks.values(), root);
    const typed = [...values].map(([key, value]) => [key, this.#sides(value)] as const);
    const locals = this.#usedSchemas(typed.flatMap(([, { input, output }]) => [input, output]));
    for (const [key, value] of typed) this.#refuseWhatStays(value, present(values.get(key)).place);
    this.#refuse();

    const same = this.#types.withEqualSides([...locals, ...this.#imports].map(({ id }) => id));
    const requests = [
      ...[...values.values()].map(({ schema, travels }) => ({ schema, side: travels })),
      // Those that no task mentions, too: other contract packages may use them.
      ...locals.flatMap(({ schema }) => (["output", "input"] as const).map((side) => ({ schema, side }))),
    ];
    const names = jsonNames(locals, foreign);
    const hidden = new HiddenJsonSchemas(
      this.#hidden,
      compiler,
      names.map(({ name }) => name),
    );
    const { schemas, definitions } = jsonSchemas(zod, requests, names, (...which) => hidden.of(...which));
    Object.assign(definitions, hidden.definitions());
    const lookup: Lookup = (id, side) => this.#types.definition(id, side);
    const models = new Map(
      typed.map(([key, { input, output, travels }], index): [string, ValueModel] => {
        const described = describeJson(schemas[index] ?? {}, travels === "input" ? input : output);
        // Of a parameter it is said beside the schema that it may be left out; of what is answered, nowhere else.
        const json = travels === "output" && acceptsUndefined(output, lookup) ? orUndefined(described) : described;
        return [key, { input: withoutSides(input, same), output: withoutSides(output, same), json }];
      }),
    );
    const named = [...locals.map((each) => this.#namedType(each, same)), ...this.#declaredTypes()];
    const fingerprints = new Fingerprints(definitions);
    return {
      package: contract.name,
      source: contract.source,
      runtime: contract.runtime,
      inputs: graph.hash,
      hidesTypes: this.#loaded.hidesMore,
      contract: {
        name: spec.name,
        exportName,
        ...(declaration !== undefined && { doc: source.doc(declaration), origin: source.origin(declaration) }),
        runtime: spec.runtime,
        queue: queueOf(spec.queue),
        allow: spec.allow,
      },
      tasks: [...spec.tasks.values()].map((task) => taskModel(task, root.task(task.key), models, fingerprints, lookup)),
      errors: errorModels(spec.tasks.values(), root, models),
      types: named,
      imports: this.#usedImports([...models.values(), ...named]),
      definitions: Object.fromEntries(
        Object.entries(definitions).map(([name, json]) => [name, this.#described(names, name, json)]),
      ),
    };
  }

  /** Definitions of this package's own schemas; what other packages' fields mean, their manifests say. */
  #described(names: readonly NamedJson[], name: string, json: JsonSchema): JsonSchema {
    const id = names.find((each) => each.name === name.replace(/\.input$/, ""))?.id;
    const type = id === undefined ? undefined : this.#types.definition(id, name.endsWith(".input") ? "input" : "output");
    return type === undefined ? json : describeJson(json, type);
  }

  /** The schemas that get a name in the generated code: the contract module's, and what is used of the others. */
  #usedSchemas(types: readonly TypeNode[]): readonly NamedSchema[] {
    const used = new Set<string>();
    const use = (id: string): void => {
      if (used.has(id)) return;
      used.add(id);
      for (const side of ["output", "input"] as const) note(this.#types.definition(id, side));
    };
    const note = (type: TypeNode | undefined): void => {
      if (type !== undefined) visit(type, (part) => part.kind === "named" && use(part.id));
    };
    types.forEach(note);
    for (const { id } of this.#exported) use(id);
    return [...this.#exported, ...this.#others.filter(({ id }) => used.has(id))];
  }

  /** A schema that the other package's generated code has no type for is taken apart like any other. */
  #hasName({ package: name, exportName }: ForeignSchema): boolean {
    const types = this.#loaded.typesOf(name);
    return types === undefined || exportName in types;
  }

  #namedType({ id, exportName, place }: NamedSchema, same: ReadonlySet<string>): NamedTypeModel {
    const type = (side: Side): TypeNode => withoutSides(present(this.#types.definition(id, side)), same);
    const output = type("output");
    return {
      id,
      exportName,
      doc: place.doc(),
      origin: place.origin(),
      output,
      input: same.has(id) ? undefined : type("input"),
    };
  }

  #usedImports(
    types: readonly { readonly input?: TypeNode | undefined; readonly output: TypeNode }[],
  ): readonly ImportedTypeModel[] {
    const used = new Set<string>();
    const note = (type: TypeNode): unknown => mapNames(type, (name) => (used.add(name.id), name));
    for (const { input, output } of types) [input ?? output, output].forEach(note);
    return this.#imports.filter(({ id }) => used.has(id));
  }

  #sides({ schema, place, travels }: Value): Sides {
    return { travels, input: this.#types.typeOf(schema, "input", place), output: this.#types.typeOf(schema, "output", place) };
  }

  /** Types without a schema's name that contain themselves. */
  #declaredTypes(): readonly NamedTypeModel[] {
    const json = { id: jsonValueId, name: "JsonValue", doc: "Any value that JSON has.", type: jsonValue };
    const declared = [...(this.#types.usesJsonValue() ? [json] : []), ...this.#loaded.compiler.declared()];
    return declared.map(({ id, name, doc, type }) => ({ id, exportName: name, doc, output: type, isDeclared: true }));
  }

  #refuseWhatStays(value: Sides, around: Place): void {
    for (const { name, within } of staysBehind(value[value.travels], (id, side) => this.#types.definition(id, side))) {
      const place = this.#hidden.placeOf(within) ?? around;
      const message = `${place.label}: a ${name} can't travel in a message. Describe what is sent with a schema: z.codec() has one for each side.`;
      this.#hidden.mistake(place, message);
    }
  }

  #importOf({ package: name, exportName }: ForeignSchema): ImportedTypeModel {
    const types = this.#loaded.typesOf(name)?.[exportName];
    // Without a manifest the names are those that a package without collisions would have.
    return { id: `${name}#${exportName}`, package: name, output: types?.output ?? exportName, input: types?.input ?? exportName };
  }

  #refuse(): void {
    const unique = new Map(this.#mistakes.map((each) => [`${each.file}:${each.line}:${each.column} ${each.message}`, each]));
    if (unique.size > 0) throw new ContractMistakes([...unique.values()]);
  }
}

interface Sides {
  readonly input: TypeNode;
  readonly output: TypeNode;
  readonly travels: Side;
}
