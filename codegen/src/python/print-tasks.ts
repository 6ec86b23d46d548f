import type { ManifestTask } from "../manifest/index.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { pythonString, pythonValue } from "./python-literals.ts";
import type { ModuleNames } from "./module-names.ts";
import { conversionOf, nativeTypes, type PythonParameter } from "./parameters.ts";
import type { SchemaTypes } from "./schema-types.ts";
import { call, docstring, indent, method, taskDoc, type Argument } from "./python-text.ts";
import { generic, union, type PythonType } from "./type-expression.ts";

/** A task, with the types that its printing needs. */
export interface PlannedTask {
  readonly wireName: string;
  readonly task: ManifestTask;
  readonly parameters: readonly PythonParameter[];
  readonly result: PythonType;
}

const inner = indent + indent;

/** The class of a task that is called: `.s`, `.si`, `.delay`. */
export function printTask({ wireName, task, parameters, result }: PlannedTask, runtime: string, names: ModuleNames): string {
  const facts = [
    `name = ${pythonString(wireName)}`,
    `queue = ${pythonString(task.queue)}`,
    ...(runtime === "celery" ? ['runtime = "celery"'] : []),
    `fingerprint = ${pythonString(task.fingerprint)}`,
    `required = ${parameters.filter(({ optional }) => !optional).length}`,
    ...(task.priority === undefined ? [] : [`priority = ${task.priority}`]),
    ...(task.expires === undefined ? [] : [`expires = ${task.expires / 1000}`]),
  ];
  const immutable = generic(names.shared("ImmutableSignature"), result);
  const [first, ...others] = parameters;
  const signature =
    first === undefined
      ? []
      : [
          method("s", others.map(argument), generic(names.shared("Signature"), first.arriving, result)) +
            docstring(`Waits for its parent's result, which becomes \`\`${first.name}\`\`.`, inner) +
            call("return self._mutable", others.map(written), inner),
        ];
  const methods = [
    ...signature,
    method("si", parameters.map(argument), immutable) +
      docstring("Has all its arguments; ignores its parent's result.", inner) +
      call("return self._immutable", parameters.map(written), inner),
    method("delay", parameters.map(argument), generic(names.shared("AsyncResult"), result)) +
      docstring("Sends it.", inner) +
      call(
        "return self.si",
        parameters.map(({ name }) => name),
        inner,
        ".delay()",
      ),
  ];
  return (
    `class ${names.task(task.key)}(${names.shared("Task")}):\n` +
    docstring(taskDoc(task, ...(task.description === undefined ? [`The task \`\`${wireName}\`\`.`] : [])), indent) +
    `\n${facts.map((fact) => `${indent}${fact}\n`).join("")}\n${methods.join("\n")}`
  );
}

function argument({ name, accepted, optional }: PythonParameter): Argument {
  return { name, type: accepted, ...(optional && { default: "None" }) };
}

function written({ name, conversion, nullable }: PythonParameter): string {
  if (conversion === undefined) return name;
  const converted = `${conversion.write}(${name})`;
  return nullable ? `None if ${name} is None else ${converted}` : converted;
}

/** The abstract base class for a service that serves the tasks in Python. */
export function printHandlers(
  tasks: readonly PlannedTask[],
  contract: string,
  attributes: ReadonlyMap<string, string>,
  names: ModuleNames,
  types: SchemaTypes,
): string {
  const served = tasks.map((planned) => servedTask(planned, attributes.get(planned.task.key) ?? "", names, types));
  const methods = tasks.map(({ wireName, task, parameters, result }) => {
    const args = parameters.map(({ name, received }) => ({ name, type: received }));
    return (
      `${indent}@abstractmethod\n` +
      method(attributes.get(task.key) ?? "", args, returned(task.returns, result, types)) +
      docstring(taskDoc(task, `Serves \`\`${wireName}\`\`.`), inner)
    );
  });
  const about =
    `Base for a service that serves the tasks of \`\`${contract}\`\`.\n\n` +
    "Implement each, and register an object of the class with a Celery app. " +
    "Handlers get dates, bigints and bytes as Python's own where they are a whole argument, and JSON inside of others.";
  return (
    `class ${names.handlers}(${names.shared("Handlers")}):\n${docstring(about, indent)}\n` +
    `${indent}served = (\n${served.join("")}${indent})\n\n${methods.join("\n")}`
  );
}

/** A handler may return Python's own values where they are the whole result. */
function returned(schema: JsonSchema | null, result: PythonType, types: SchemaTypes): PythonType {
  return union([...nativeTypes(schema === null ? undefined : conversionOf(schema, types)), result]);
}

function servedTask(
  { wireName, task, parameters }: PlannedTask,
  attribute: string,
  names: ModuleNames,
  types: SchemaTypes,
): string {
  const at = inner + indent;
  const result = task.returns === null ? undefined : conversionOf(task.returns, types);
  const options = Object.entries(celeryOptions(task)).map(([name, value]) => `${pythonString(name)}: ${pythonValue(value)}`);
  const params = parameters.map((parameter) => `${at}${indent}${servedParameter(parameter, names)},\n`);
  const lines = [
    `${at}${pythonString(wireName)},\n`,
    `${at}${pythonString(attribute)},\n`,
    params.length === 0 ? "" : `${at}(\n${params.join("")}${at}),\n`,
    result === undefined ? "" : `${at}write=${result.write},\n`,
    `${at}options={${options.join(", ")}},\n`,
  ];
  return `${inner}${names.shared("ServedTask")}(\n${lines.join("")}${inner}),\n`;
}

function servedParameter({ wireName, conversion, missing, default: value }: PythonParameter, names: ModuleNames): string {
  const args = [
    pythonString(wireName),
    ...(conversion === undefined ? [] : [`read=${conversion.read}`]),
    ...(missing ? ["optional=True"] : []),
    ...(value === undefined ? [] : [`default=${pythonValue(value)}`]),
  ];
  return `${names.shared("Parameter")}(${args.join(", ")})`;
}

/** What the contract says of delivery, in the words of Celery, whose workers are told so where a task is registered. */
function celeryOptions({ ack, ignoreResult, timeLimit }: ManifestTask): Readonly<Record<string, boolean | number>> {
  return {
    acks_late: ack === "late",
    ...(ignoreResult && { ignore_result: true }),
    ...(timeLimit?.hard !== undefined && { time_limit: timeLimit.hard / 1000 }),
    ...(timeLimit?.soft !== undefined && { soft_time_limit: timeLimit.soft / 1000 }),
  };
}
