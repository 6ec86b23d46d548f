import { mayBeMissing, type ContractSpec, type TaskSpec } from "ligature/contract";
import { ContractMistakes, type Diagnostic } from "../diagnostic.ts";
import type {
  ContractModel,
  ErrorModel,
  ImportedTypeModel,
  NamedTypeModel,
  ParamModel,
  TaskModel,
  ValueModel,
} from "../model/contract-model.ts";
import { Fingerprints } from "../model/fingerprint.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { mapNames } from "../model/map-names.ts";
import { isPlain, isPlainResult } from "../model/plain.ts";
import { keyword, unionOf, type Side, type TypeNode } from "../model/type-node.ts";
import type { CompilerTypes, TypePath } from "./checker/index.ts";
import type { ContractPackage } from "./contract-package.ts";
import { jsonNames, localSchemas, valuesOf, type Value } from "./contract-schemas.ts";
import { deliveryOf, queueOf } from "./delivery-of.ts";
import { HiddenJsonSchemas } from "./hidden-json.ts";
import { HiddenTypes } from "./hidden-types.ts";
import type { ModuleExports } from "./load.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { ForeignSchema } from "./read-contract.ts";
import { jsonSchemas, type Zod } from "./schema/json-schema.ts";
import { staysBehind } from "./stays-behind.ts";
import { describeJson } from "./schema/describe-json.ts";
import { NamedTypes, withoutSides, type NamedSchema } from "./schema/named-types.ts";
import { Place } from "./schema/place.ts";
import type { ContractSource } from "./source/contract-source.ts";

/** Names of the types that another contract package's generated code exports, by the name of the schema. */
export type ExportedTypes = Readonly<Record<string, { readonly output: string; readonly input: string }>>;

export interface LoadedContract {
  readonly contract: ContractPackage;
  readonly graph: ModuleGraph;
  readonly source: ContractSource;
  readonly exports: ModuleExports;
  readonly exportName: string;
  readonly spec: ContractSpec;
  readonly foreign: readonly ForeignSchema[];
  readonly typesOf: (packageName: string) => ExportedTypes | undefined;
  readonly zod: Zod;
  readonly compiler: CompilerTypes;
  /** The source may say more of its types than the schemas know. */
  readonly hidesMore: boolean;
}

/** Puts together what the loaded contract and its source say. */
export function modelOf(loaded: LoadedContract): ContractModel {
  return new ModelBuilder(loaded).build();
}

class ModelBuilder {
  readonly #loaded: LoadedContract;
  readonly #types: NamedTypes;
  readonly #hidden: HiddenTypes;
  readonly #locals: readonly NamedSchema[];
  readonly #imports: readonly ImportedTypeModel[];
  readonly #mistakes: Diagnostic[] = [];

  constructor(loaded: LoadedContract) {
    this.#loaded = loaded;
    const { foreign, source } = loaded;
    this.#locals = localSchemas(loaded);
    const imported = foreign.map((each): NamedSchema => {
      const types = { root: { module: each.specifier, export: each.exportName } };
      const place = new Place(source, each.exportName, undefined, { types });
      return { id: `${each.package}#${each.exportName}`, schema: each.schema, place };
    });
    this.#imports = foreign.map((each) => this.#importOf(each));
    const note = (place: Place, message: string): void => {
      const nearest = place.nearest();
      const { file = loaded.contract.source } = nearest ?? {};
      this.#mistakes.push({ file, ...(nearest && { line: nearest.line + 1, column: nearest.column + 1 }), message });
    };
    this.#hidden = new HiddenTypes(loaded.compiler, loaded.hidesMore, note);
    this.#types = new NamedTypes([...imported, ...this.#locals], this.#hidden);
  }

  build(): ContractModel {
    const { contract, graph, source, spec, exportName, zod, foreign, compiler } = this.#loaded;
    const declaration = source.exported(exportName);
    const types: TypePath = { parent: { root: { export: exportName } }, step: { prop: "~options" } };
    const root = new Place(source, spec.name, source.contractOptions(declaration), { types });
    const values = valuesOf(spec.tasks.values(), root);
    const typed = [...values].map(([key, value]) => [key, this.#sides(value)] as const);
    for (const { id } of this.#locals) for (const side of ["output", "input"] as const) this.#types.definition(id, side);
    for (const [key, value] of typed) this.#refuseWhatStays(value, present(values.get(key)).place);
    this.#refuse();

    const same = this.#types.withEqualSides([...this.#locals, ...this.#imports].map(({ id }) => id));
    const requests = [
      ...[...values.values()].map(({ schema, travels }) => ({ schema, side: travels })),
      // Those that no task mentions, too: other contract packages may use them.
      ...this.#locals.flatMap(({ schema }) => (["output", "input"] as const).map((side) => ({ schema, side }))),
    ];
    const names = jsonNames(this.#locals, foreign);
    const hidden = new HiddenJsonSchemas(
      this.#hidden,
      compiler,
      names.map(({ name }) => name),
    );
    const { schemas, definitions } = jsonSchemas(zod, requests, names, (...which) => hidden.of(...which));
    Object.assign(definitions, hidden.definitions());
    const models = new Map(
      typed.map(([key, { input, output, travels }], index): [string, ValueModel] => {
        const json = describeJson(schemas[index] ?? {}, travels === "input" ? input : output);
        return [key, { input: withoutSides(input, same), output: withoutSides(output, same), json }];
      }),
    );
    const named = [...this.#locals.map((each) => this.#namedType(each, same)), ...declaredTypes(compiler)];
    const fingerprints = new Fingerprints(definitions);
    return {
      package: contract.name,
      source: contract.source,
      runtime: contract.runtime,
      inputs: graph.hash,
      contract: {
        name: spec.name,
        exportName,
        ...(declaration !== undefined && { doc: source.doc(declaration), origin: source.origin(declaration) }),
        runtime: spec.runtime,
        queue: queueOf(spec.queue),
        allow: spec.allow,
      },
      tasks: [...spec.tasks.values()].map((task) => this.#task(task, root.task(task.key), models, fingerprints)),
      errors: errorsOf(spec.tasks.values(), root, models),
      types: named,
      imports: this.#usedImports([...models.values(), ...named]),
      definitions: Object.fromEntries(Object.entries(definitions).map(([name, json]) => [name, this.#described(name, json)])),
    };
  }

  /** Definitions of this package's own schemas; what other packages' fields mean, their manifests say. */
  #described(name: string, json: JsonSchema): JsonSchema {
    const type = this.#types.definition(name.replace(/\.input$/, ""), name.endsWith(".input") ? "input" : "output");
    return type === undefined ? json : describeJson(json, type);
  }

  #namedType({ id, place }: NamedSchema, same: ReadonlySet<string>): NamedTypeModel {
    const type = (side: Side): TypeNode => withoutSides(present(this.#types.definition(id, side)), same);
    const output = type("output");
    return {
      id,
      exportName: id,
      doc: place.doc(),
      origin: place.origin(),
      output,
      input: same.has(id) ? undefined : type("input"),
    };
  }

  #task(task: TaskSpec, place: Place, models: ReadonlyMap<string, ValueModel>, fingerprints: Fingerprints): TaskModel {
    const { key, name } = task;
    const params = task.params.map(({ name: param, optional, schema }): ParamModel => {
      const value = present(models.get(`${key} param ${param}`));
      const received = mayBeMissing(schema, "output") ? unionOf([value.output, keyword("undefined")]) : value.output;
      return { name: param, optional, received, ...value };
    });
    const returns = models.get(`${key} returns`);
    const progress = models.get(`${key} progress`);
    const errors = [...task.errors.keys()];
    const lookup = (id: string, side: Side): TypeNode | undefined => this.#types.definition(id, side);
    return {
      key,
      name,
      doc: place.doc(),
      origin: place.origin(),
      queue: queueOf(task.queue),
      params,
      returns,
      errors,
      progress,
      delivery: deliveryOf(task),
      allow: task.allow,
      fingerprint: fingerprints.of({
        name,
        params,
        returns: returns?.json ?? null,
        errors: errors.map((error) => ({ name: error, json: present(models.get(`${key} error ${error}`)).json })),
        progress: progress?.json ?? null,
      }),
      plainArgs: params.every(({ input }) => isPlain(input, lookup)),
      plainResult: isPlainResult(returns?.output, lookup),
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

  #refuseWhatStays(value: Sides, around: Place): void {
    const lookup = (id: string, side: Side): TypeNode | undefined => this.#types.definition(id, side);
    for (const { name, within } of staysBehind(value[value.travels], lookup)) {
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

/** The declared errors of all tasks; one that several tasks declare leads to the first. */
function errorsOf(tasks: Iterable<TaskSpec>, root: Place, models: ReadonlyMap<string, ValueModel>): readonly ErrorModel[] {
  const errors = new Map<string, ErrorModel>();
  for (const { key, errors: declared } of tasks) {
    for (const name of declared.keys()) {
      if (errors.has(name)) continue;
      const origin = root.task(key).prop("errors").prop(name).origin();
      errors.set(name, { name, origin, ...present(models.get(`${key} error ${name}`)) });
    }
  }
  return [...errors.values()];
}

function declaredTypes(compiler: CompilerTypes): readonly NamedTypeModel[] {
  return compiler.declared().map(({ id, name, doc, type }) => ({ id, exportName: name, doc, output: type, isDeclared: true }));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A part of the contract model is missing.");
  return value;
}
