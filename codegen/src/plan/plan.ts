import type { ContractModel, NamedTypeModel } from "../model/contract-model.ts";
import { replaceLinks } from "../model/doc.ts";
import { visit } from "../model/visit.ts";
import type { Side, TypeNode } from "../model/type-node.ts";
import { canNameVariable, capitalized, Names } from "./identifiers.ts";

/** Types that generated declarations take from `ligature/generated`. */
export const runtimeTypes = ["Contract", "DeclaredErrorClass", "Handler", "Sendable", "Task", "TaskWithoutParams"] as const;
export type RuntimeType = (typeof runtimeTypes)[number];

/** `import type { name as local } from "from"`. */
export interface ImportPlan {
  readonly from: string;
  readonly names: readonly { readonly name: string; readonly local: string }[];
}

/** One declared type of the package's own. */
export interface TypePlan {
  readonly name: string;
  readonly type: TypeNode;
  readonly model: NamedTypeModel;
  readonly side: Side;
}

/** Every name in the generated code, decided before anything is printed. */
export interface Plan {
  readonly model: ContractModel;
  /** The generated value: the contract's name, and what it is called inside the module where that is no identifier. */
  readonly value: { readonly name: string; readonly local: string };
  readonly contract: string;
  readonly remote: string;
  readonly handlers: string;
  readonly types: readonly TypePlan[];
  readonly imports: readonly ImportPlan[];
  /** The name of a named type as it is known in the declarations. */
  nameOf(id: string, side: Side): string;
  runtime(type: RuntimeType): string;
  /** A type that another module exports. */
  imported(from: string, name: string): string;
  /** Documentation with links that lead somewhere in the generated code, which has names of its own. */
  doc(text: string | undefined, place: "task" | "elsewhere"): string | undefined;
  /** A global type, also where one of the package's own has its name. */
  global(name: string): string;
}

/** Decides names: the package's own types first, so that they are called as their schemas are. */
export function planOf(model: ContractModel): Plan {
  const names = new Names();
  const local = new Map<string, string>();
  // Those that are written like types keep their names; the others come second, and step aside.
  const isType = ({ exportName }: NamedTypeModel): boolean => capitalized(exportName) === exportName;
  for (const type of [...model.types.filter(isType), ...model.types.filter((each) => !isType(each))]) {
    local.set(`output ${type.id}`, names.claim(capitalized(type.exportName), type.exportName));
  }
  for (const { id, input } of model.types) {
    const name = local.get(`output ${id}`) ?? id;
    local.set(`input ${id}`, input === undefined ? name : names.claim(`${name}Input`));
  }
  const title = capitalized(model.contract.name);
  const contract = names.claim(title, `${title}Contract`);
  const remote = names.claim(`${title}Remote`);
  const handlers = names.claim(`${title}Handlers`);

  const runtimeNames = new Map(runtimeTypes.map((type) => [type, names.claim(type)]));
  const foreign = foreignImports(model, names, local);
  const others = otherImports(model, names);
  const imports = [runtimeImport(model, runtimeNames), ...merged([...foreign, ...others])];
  const { name } = model.contract;
  const linkTarget = linkTargets(model, contract, local);
  return {
    model,
    doc: (text, place) => (text === undefined ? undefined : replaceLinks(text, (link) => linkTarget(link, place))),
    value: { name, local: canNameVariable(name) ? name : `${name}$` },
    contract,
    remote,
    handlers,
    types: model.types.flatMap((type) => typePlans(type, local)),
    imports,
    nameOf: (id, side) => local.get(`${side} ${id}`) ?? unnamed(id),
    runtime: (type) => runtimeNames.get(type) ?? unnamed(type),
    imported: (from, type) =>
      others.find((each) => each.from === from)?.names.find((each) => each.name === type)?.local ?? unnamed(`${type} of ${from}`),
    global: (global) => (names.has(global) ? `globalThis.${global}` : global),
  };
}

/** What `{@link name}` means: a task of the contract, an exported schema, the contract itself. */
function linkTargets(
  { types, tasks, contract }: ContractModel,
  contractType: string,
  local: ReadonlyMap<string, string>,
): (link: string, place: "task" | "elsewhere") => string | undefined {
  const names = types.map(({ id, exportName }) => [exportName, local.get(`output ${id}`) ?? exportName] as const);
  // By the schema's name or by the type's.
  const typeNames = new Map([...names.map(([, name]) => [name, name] as const), ...names]);
  const keys = new Set(tasks.map(({ key }) => key));
  return (link, place) => {
    if (/^\w+:\/\//.test(link)) return link;
    const [first = "", ...rest] = link.split(/[.#]/);
    const inside = rest.map((name) => `.${name}`).join("");
    const type = typeNames.get(first);
    if (type !== undefined) return `${type}${inside}`;
    // Beside the task itself its neighbours are known by their names.
    if (keys.has(first) && rest.length === 0) return place === "task" ? first : `${contractType}.${first}`;
    if (first === contract.name || first === contract.exportName) {
      const [task] = rest;
      if (task === undefined) return contractType;
      return keys.has(task) ? `${contractType}.${task}` : undefined;
    }
    return undefined;
  };
}

function typePlans(model: NamedTypeModel, local: ReadonlyMap<string, string>): readonly TypePlan[] {
  const output: TypePlan = { name: local.get(`output ${model.id}`) ?? model.id, type: model.output, model, side: "output" };
  if (model.input === undefined) return [output];
  return [output, { name: local.get(`input ${model.id}`) ?? model.id, type: model.input, model, side: "input" }];
}

function runtimeImport({ tasks, errors }: ContractModel, names: ReadonlyMap<RuntimeType, string>): ImportPlan {
  const used = new Set<RuntimeType>(["Contract", "Handler", "Sendable"]);
  for (const { params } of tasks) used.add(params.length > 0 ? "Task" : "TaskWithoutParams");
  if (errors.length > 0) used.add("DeclaredErrorClass");
  return {
    from: "ligature/generated",
    names: runtimeTypes.filter((type) => used.has(type)).map((name) => ({ name, local: names.get(name) ?? name })),
  };
}

/** The imports of other contract packages' types that are really used; also enters their local names. */
function foreignImports(model: ContractModel, names: Names, local: Map<string, string>): readonly ImportPlan[] {
  const used = usedNames(model);
  const byPackage = new Map<string, Map<string, string>>();
  for (const each of model.imports) {
    for (const side of ["output", "input"] as const) {
      if (!used.has(`${side} ${each.id}`)) continue;
      const fromPackage = byPackage.get(each.package) ?? new Map<string, string>();
      byPackage.set(each.package, fromPackage);
      const name = each[side];
      const known = fromPackage.get(name) ?? names.claim(name);
      fromPackage.set(name, known);
      local.set(`${side} ${each.id}`, known);
    }
  }
  return [...byPackage]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, known]) => ({
      from,
      names: [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, as]) => ({ name, local: as })),
    }));
}

/** Imports of types that aren't schemas' own: brands, classes. */
function otherImports(model: ContractModel, names: Names): readonly ImportPlan[] {
  const found = new Map<string, Set<string>>();
  for (const type of allTypes(model)) {
    visit(type, (part) => {
      if (part.kind === "imported") found.set(part.from, (found.get(part.from) ?? new Set()).add(part.name));
    });
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, used]) => ({ from, names: [...used].sort().map((name) => ({ name, local: names.claim(name) })) }));
}

/** One import for each module. */
function merged(imports: readonly ImportPlan[]): readonly ImportPlan[] {
  const byModule = new Map<string, ImportPlan[]>();
  for (const each of imports) byModule.set(each.from, [...(byModule.get(each.from) ?? []), each]);
  return [...byModule].map(([from, parts]) => ({ from, names: parts.flatMap(({ names }) => names) }));
}

function usedNames(model: ContractModel): ReadonlySet<string> {
  const used = new Set<string>();
  for (const type of allTypes(model)) {
    visit(type, (part) => {
      if (part.kind === "named") used.add(`${part.side} ${part.id}`);
    });
  }
  return used;
}

function allTypes({ types, errors, tasks }: ContractModel): readonly TypeNode[] {
  const values = [...types, ...errors, ...tasks.flatMap(({ params, returns, progress }) => [...params, returns, progress])];
  return values.flatMap((value) => [value?.output, value?.input]).filter((type) => type !== undefined);
}

function unnamed(what: string): never {
  throw new Error(`No name was planned for ${what}.`);
}
