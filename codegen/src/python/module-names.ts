import type { Manifest } from "../manifest/index.ts";
import { pascalCase, PythonNames, snakeCase, typingNames } from "./names.ts";
import type { TypeNames } from "./schema-types.ts";

/** What generated modules use of the shared one. */
export const sharedNames = [
  "AsyncResult",
  "BigInt",
  "Bytes",
  "CeleryApp",
  "DateTime",
  "DeclaredError",
  "Handlers",
  "ImmutableSignature",
  "JsonMap",
  "Parameter",
  "ServedTask",
  "Signature",
  "Task",
  "big_int",
  "date_time",
  "from_bytes",
  "to_bytes",
  "to_datetime",
  "to_int",
] as const;
export type SharedName = (typeof sharedNames)[number];

/** Every name of one module, decided before anything is printed, so that no order of printing changes one. */
export class ModuleNames implements TypeNames {
  readonly #names = new PythonNames([...typingNames, "QUEUE"]);
  readonly #definitions = new Map<string, string>();
  readonly #shared = new Map<string, string>();
  readonly #tasks: ReadonlyMap<string, string>;
  readonly client: string;
  readonly handlers: string;

  constructor({ contract, tasks, types, $defs }: Manifest) {
    const errors = new Set(Object.values(tasks).flatMap((task) => Object.keys(task.errors)));
    // Exceptions keep their names: Celery writes a class's name into the message.
    for (const name of errors) this.#names.claim(name);
    for (const name of Object.keys($defs)) {
      const [schema = name, side] = name.split(".");
      const known = types[schema];
      const generated = side === "input" ? (known?.input ?? `${schema}Input`) : (known?.output ?? schema);
      const local = pascalCase(generated.replace(/\$(\d+)$/, "_$1"));
      this.#definitions.set(name, errors.has(local) ? this.#names.claim(`${local}Data`) : this.#names.claim(local, `${local}_`));
    }
    for (const name of sharedNames) this.#shared.set(name, this.#names.claim(name, `Ligature${name}`));
    const title = pascalCase(contract);
    this.client = this.#names.claim(title, `${title}Contract`);
    this.handlers = this.#names.claim(`${title}Handlers`);
    this.#tasks = new Map(Object.values(tasks).map(({ key }) => [key, this.#names.claim(`${pascalCase(key)}Task`)] as const));
  }

  definition(name: string): string {
    return this.#definitions.get(name) ?? unnamed(name);
  }

  claim(name: string): string {
    return this.#names.claim(name);
  }

  shared(name: SharedName): string {
    return this.#shared.get(name) ?? unnamed(name);
  }

  /** The class of a task. */
  task(key: string): string {
    return this.#tasks.get(key) ?? unnamed(key);
  }
}

/** Names of a contract's tasks as attributes and methods, by key. */
export function attributeNames(keys: readonly string[], reserved: readonly string[]): ReadonlyMap<string, string> {
  const names = new PythonNames(reserved);
  return new Map(keys.map((key) => [key, names.claim(snakeCase(key), `${snakeCase(key)}_`)]));
}

function unnamed(what: string): never {
  throw new Error(`No name was planned for ${what}.`);
}
