import { descriptionOf } from "../model/doc.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { pythonString } from "./python-literals.ts";
import { attributeNames, ModuleNames, sharedNames } from "./module-names.ts";
import { pascalCase, typingNames } from "./names.ts";
import { parametersOf } from "./parameters.ts";
import { printHandlers, printTask, type PlannedTask } from "./print-tasks.ts";
import { printTypes } from "./print-types.ts";
import type { Manifest } from "../manifest/index.ts";
import { SchemaTypes } from "./schema-types.ts";
import { call, docstring, indent } from "./python-text.ts";
import { inline, none, width, type PythonType } from "./type-expression.ts";

/** Where the module finds what all of them share: beside it. */
const sharedModule = ".ligature";

/** The Python module of one contract: a pure function of its manifest. */
export function printModule(manifest: Manifest, header: string): string {
  const names = new ModuleNames(manifest);
  const types = new SchemaTypes(manifest.$defs, names);
  for (const name of Object.keys(manifest.$defs)) types.define(name);
  const tasks = Object.entries(manifest.tasks).map(([wireName, task]): PlannedTask => {
    const title = pascalCase(task.key);
    const parameters = parametersOf(task.params, title, types, manifest.$defs);
    const result = task.returns === null ? none : types.of(task.returns, `${title}Result`);
    return { wireName, task, parameters, result };
  });
  const errors = errorsOf(manifest, types);
  const attributes = attributeNames(
    tasks.map(({ task }) => task.key),
    [],
  );
  const methods = attributeNames(
    tasks.map(({ task }) => task.key),
    ["register", "served"],
  );
  const { contract, runtime } = manifest;
  const isServedHere = runtime === "celery" && tasks.length > 0;
  const parts = [
    ...printTypes(types.declarations),
    ...errors.map(({ name, type, tasks: raisedBy }) => printError(contract, name, type, raisedBy, names)),
    ...tasks.map((task) => printTask(task, runtime, names)),
    printClient(manifest, tasks, attributes, names),
    ...(isServedHere ? [printHandlers(tasks, contract, methods, names, types)] : []),
  ].join("\n\n");
  const offered = [
    "QUEUE",
    ...types.declarations.map(({ name }) => name),
    ...errors.map(({ name }) => name),
    names.client,
    ...(isServedHere ? [names.handlers] : []),
  ];
  const queue = `#: The queue that these tasks are served from.\nQUEUE = ${pythonString(manifest.queue.name)}\n`;
  const all = `__all__ = [\n${offered
    .sort()
    .map((name) => `${indent}"${name}",\n`)
    .join("")}]\n`;
  return [
    `# ${header}\n${docstring(moduleDoc(manifest, isServedHere, names), "")}`,
    `from __future__ import annotations\n\n${imports(parts, names)}`,
    `${all}\n${queue}`,
    `\n${parts}`,
  ].join("\n");
}

function moduleDoc(manifest: Manifest, isServedHere: boolean, names: ModuleNames): string {
  const { contract, package: name } = manifest;
  return [
    `The contract \`\`${contract}\`\` of ${name}.`,
    ...(manifest.description === undefined ? [] : [descriptionOf(manifest.description) ?? ""]),
    `\`\`${names.client}(app)\`\` calls its tasks${isServedHere ? `; \`\`${names.handlers}\`\` is the base for serving them` : ""}.`,
  ].join("\n\n");
}

interface PlannedError {
  readonly name: string;
  readonly type: PythonType;
  /** Keys of the tasks that declare it. */
  readonly tasks: readonly string[];
}

/** The declared errors of all tasks; one name means one error in a contract. */
function errorsOf({ tasks }: Manifest, types: SchemaTypes): readonly PlannedError[] {
  const schemas = new Map<string, JsonSchema>();
  const raisedBy = new Map<string, string[]>();
  for (const { key, errors } of Object.values(tasks)) {
    for (const [name, schema] of Object.entries(errors)) {
      schemas.set(name, schema);
      raisedBy.set(name, [...(raisedBy.get(name) ?? []), key]);
    }
  }
  return [...schemas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => ({ name, type: types.of(schema, `${name}Data`), tasks: raisedBy.get(name) ?? [] }));
}

function printError(contract: string, name: string, type: PythonType, tasks: readonly string[], names: ModuleNames): string {
  return (
    call(`class ${name}`, [`${names.shared("DeclaredError")}[${inline(type)}]`], "", ":") +
    `${docstring(`A declared error of ${tasks.join(", ")}.`, indent)}\n` +
    `${indent}contract = ${pythonString(contract)}\n`
  );
}

function printClient(
  { contract, runtime }: Manifest,
  tasks: readonly PlannedTask[],
  attributes: ReadonlyMap<string, string>,
  names: ModuleNames,
): string {
  const at = indent + indent;
  const lines = tasks.map(({ task }) => `${at}self.${attributes.get(task.key)} = ${names.task(task.key)}(app, queue)\n`);
  const served = runtime === "celery" ? "Python serves them." : "TypeScript serves them.";
  return (
    `class ${names.client}:\n${docstring(`The tasks of the contract \`\`${contract}\`\`, to call. ${served}`, indent)}\n` +
    call("def __init__", ["self", `app: ${names.shared("CeleryApp")}`, "*", "queue: Optional[str] = None"], indent, " -> None:") +
    docstring("``queue``: where to send them, where that isn't what the contract says.", at) +
    (lines.length === 0 ? "" : lines.join(""))
  );
}

function importOf(module: string, names: readonly string[]): string {
  const line = `from ${module} import ${names.join(", ")}\n`;
  return line.length <= width + 1 ? line : `from ${module} import (\n${names.map((name) => `${indent}${name},\n`).join("")})\n`;
}

/** Imports of what the text uses. */
function imports(text: string, names: ModuleNames): string {
  const words = new Set(text.replaceAll(/"""[\s\S]*?"""|#:.*$/gm, "").match(/\w+/g));
  const typing = typingNames.filter((name) => words.has(name));
  const shared = sharedNames.filter((name) => words.has(names.shared(name)));
  return [
    words.has("abstractmethod") ? "from abc import abstractmethod\n" : "",
    words.has("datetime") ? "from datetime import datetime\n" : "",
    importOf("typing", typing),
    "\n",
    importOf(
      sharedModule,
      shared.map((name) => (names.shared(name) === name ? name : `${name} as ${names.shared(name)}`)),
    ),
  ].join("");
}
