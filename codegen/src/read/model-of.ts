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
import { fingerprintOf } from "../model/fingerprint.ts";
import { expandRefs, type JsonSchema } from "../model/json-schema.ts";
import { mapNames } from "../model/map-names.ts";
import { arePlainArgs, isPlainResult } from "../model/plain.ts";
import { keyword, unionOf, type Side, type TypeNode } from "../model/type-node.ts";
import type { ContractPackage } from "./contract-package.ts";
import { jsonNames, localSchemas, valuesOf, type Value } from "./contract-schemas.ts";
import { deliveryOf, queueOf } from "./delivery-of.ts";
import type { ModuleExports } from "./load.ts";
import type { ModuleGraph } from "./module-graph.ts";
import { refuseOpaque } from "./opaque.ts";
import type { ForeignSchema } from "./read-contract.ts";
import { jsonSchemas, type Zod } from "./schema/json-schema.ts";
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
}

/** Puts together what the loaded contract and its source say. */
export function modelOf(loaded: LoadedContract): ContractModel {
  return new ModelBuilder(loaded).build();
}

class ModelBuilder {
  readonly #loaded: LoadedContract;
  readonly #types: NamedTypes;
  readonly #locals: readonly NamedSchema[];
  readonly #imports: readonly ImportedTypeModel[];
  readonly #mistakes: Diagnostic[] = [];

  constructor(loaded: LoadedContract) {
    this.#loaded = loaded;
    const { foreign, source } = loaded;
    this.#locals = localSchemas(loaded);
    const imported = foreign.map((each): NamedSchema => {
      const place = new Place(source, each.exportName, undefined);
      return { id: `${each.package}#${each.exportName}`, schema: each.schema, place };
    });
    this.#imports = foreign.map((each) => this.#importOf(each));
    const note = (place: Place, message: string): void => {
      const nearest = place.nearest();
      const { file = loaded.contract.source } = nearest ?? {};
      this.#mistakes.push({ file, ...(nearest && { line: nearest.line + 1, column: nearest.column + 1 }), message });
    };
    this.#types = new NamedTypes([...imported, ...this.#locals], { opaque: refuseOpaque(note), mistake: note });
  }

  build(): ContractModel {
    const { contract, graph, source, spec, exportName } = this.#loaded;
    const declaration = source.exported(exportName);
    const root = new Place(source, spec.name, source.contractOptions(declaration));
    const values = valuesOf(spec.tasks.values(), root);
    const typed = new Map([...values].map(([key, value]) => [key, this.#sides(value)]));
    for (const { id } of this.#locals) for (const side of ["output", "input"] as const) this.#types.definition(id, side);
    this.#refuse();

    const same = this.#types.withEqualSides([...this.#locals, ...this.#imports].map(({ id }) => id));
    const final = (type: TypeNode): TypeNode => withoutSides(type, same);
    const { schemas, definitions } = jsonSchemas(
      this.#loaded.zod,
      [...values.values()].map(({ schema, travels }) => ({ schema, side: travels })),
      jsonNames(this.#locals, this.#loaded.foreign),
    );
    const models = new Map(
      [...typed].map(([key, { input, output }], index): [string, ValueModel] => [
        key,
        { input: final(input), output: final(output), json: schemas[index] ?? {} },
      ]),
    );
    const types = this.#locals.map((each): NamedTypeModel => {
      const doc = each.place.doc();
      const origin = each.place.origin();
      const input = this.#types.definition(each.id, "input");
      return {
        id: each.id,
        exportName: each.id,
        ...(doc !== undefined && { doc }),
        ...(origin !== undefined && { origin }),
        output: final(present(this.#types.definition(each.id, "output"))),
        ...(!same.has(each.id) && { input: final(present(input)) }),
      };
    });
    const errors = new Map<string, ErrorModel>();
    const tasks = [...spec.tasks.values()].map((task): TaskModel => {
      const place = root.task(task.key);
      for (const name of task.errors.keys()) {
        if (errors.has(name)) continue;
        const origin = place.prop("errors").prop(name).origin();
        errors.set(name, { name, ...present(models.get(`${task.key} error ${name}`)), ...(origin !== undefined && { origin }) });
      }
      return this.#task(task, place, models, definitions);
    });
    const doc = declaration === undefined ? undefined : source.doc(declaration);
    const origin = declaration === undefined ? undefined : source.origin(declaration);
    const used = new Set<string>();
    const note = (type: TypeNode): unknown => mapNames(type, (name) => (used.add(name.id), name));
    for (const { input, output } of models.values()) [input, output].forEach(note);
    for (const { input, output } of types) [input ?? output, output].forEach(note);
    return {
      package: contract.name,
      source: contract.source,
      runtime: contract.runtime,
      inputs: graph.hash,
      contract: {
        name: spec.name,
        exportName,
        ...(doc !== undefined && { doc }),
        ...(origin !== undefined && { origin }),
        runtime: spec.runtime,
        queue: queueOf(spec.queue),
      },
      tasks,
      errors: [...errors.values()],
      types,
      imports: this.#imports.filter(({ id }) => used.has(id)),
      definitions,
    };
  }

  #task(
    task: TaskSpec,
    place: Place,
    models: ReadonlyMap<string, ValueModel>,
    definitions: Readonly<Record<string, JsonSchema>>,
  ): TaskModel {
    const doc = place.doc();
    const origin = place.origin();
    const params = task.params.map(({ name, optional, schema }): ParamModel => {
      const value = present(models.get(`${task.key} param ${name}`));
      const received = mayBeMissing(schema, "output") ? unionOf([value.output, keyword("undefined")]) : value.output;
      return { name, optional, received, ...value };
    });
    const returns = models.get(`${task.key} returns`);
    const progress = models.get(`${task.key} progress`);
    const errors = [...task.errors.keys()];
    const lookup = (id: string, side: Side): TypeNode | undefined => this.#types.definition(id, side);
    const wire = (value: ValueModel | undefined): JsonSchema | null =>
      value === undefined ? null : expandRefs(value.json, definitions);
    return {
      key: task.key,
      name: task.name,
      ...(doc !== undefined && { doc }),
      ...(origin !== undefined && { origin }),
      queue: queueOf(task.queue),
      params,
      ...(returns !== undefined && { returns }),
      errors,
      ...(progress !== undefined && { progress }),
      delivery: deliveryOf(task),
      fingerprint: fingerprintOf({
        name: task.name,
        params: params.map((param) => ({ name: param.name, optional: param.optional, json: wire(param) ?? {} })),
        returns: wire(returns),
        errors: Object.fromEntries(errors.map((name) => [name, wire(models.get(`${task.key} error ${name}`)) ?? {}])),
        progress: wire(progress),
      }),
      plainArgs: arePlainArgs(
        params.map(({ input }) => input),
        lookup,
      ),
      plainResult: isPlainResult(returns?.output, lookup),
    };
  }

  #sides({ schema, place }: Value): { readonly input: TypeNode; readonly output: TypeNode } {
    return { input: this.#types.typeOf(schema, "input", place), output: this.#types.typeOf(schema, "output", place) };
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

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A part of the contract model is missing.");
  return value;
}
