import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One task, as its contract's manifest (`contract.json`) describes it. */
export interface TaskManifest {
  readonly contract: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly queue: string;
  readonly params: readonly Parameter[];
  /** Labels and values, for people. */
  readonly facts: readonly (readonly [string, string])[];
}

export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly description: string | undefined;
  /** The JSON Schema in short, for people. */
  readonly schema: string;
  /** The JSON Schema, with the manifest's definitions. */
  readonly json: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/** How deep below a folder manifests are looked for; a workspace has them in packages/<name>/, a service in node_modules/<scope>/<name>/. */
const depth = 3;
const maxManifests = 500;

/**
 * The tasks of all manifests that are found in these folders or below them; of two with one name, the first. What can't be read is left out.
 */
export async function readManifests(folders: readonly string[]): Promise<ReadonlyMap<string, TaskManifest>> {
  const tasks = new Map<string, TaskManifest>();
  const files: string[] = [];
  for (const folder of folders) await findManifests(folder, depth, files);
  for (const file of files) {
    const json = await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as unknown,
      () => undefined,
    );
    for (const task of tasksOf(json)) if (!tasks.has(task.name)) tasks.set(task.name, task);
  }
  return tasks;
}

async function findManifests(folder: string, levels: number, found: string[]): Promise<void> {
  if (found.length >= maxManifests) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.isFile() && entry.name === "contract.json")) found.push(join(folder, "contract.json"));
  if (levels === 0) return;
  for (const entry of entries) {
    const isFolder = entry.isDirectory() || entry.isSymbolicLink();
    if (isFolder && !/^(\..*|dist|generated|src|test)$/.test(entry.name))
      await findManifests(join(folder, entry.name), levels - 1, found);
  }
}

function tasksOf(manifest: unknown): readonly TaskManifest[] {
  if (!isJson(manifest) || typeof manifest["contract"] !== "string" || !isJson(manifest["tasks"])) return [];
  const contract = manifest["contract"];
  const definitions = isJson(manifest["$defs"]) ? manifest["$defs"] : {};
  return Object.entries(manifest["tasks"]).flatMap(([name, task]) =>
    isJson(task) ? [taskOf(contract, name, task, definitions)] : [],
  );
}

function taskOf(contract: string, name: string, task: Json, definitions: Json): TaskManifest {
  const params = Array.isArray(task["params"]) ? task["params"].filter(isJson) : [];
  const queue = typeof task["queue"] === "string" ? task["queue"] : contract;
  const errors = isJson(task["errors"]) ? Object.keys(task["errors"]) : [];
  const facts: (readonly [string, string])[] = [
    ["Queue", queue],
    ["Returns", shortSchema(task["returns"])],
  ];
  if (errors.length > 0) facts.push(["Errors", errors.join(", ")]);
  if (isJson(task["retry"]))
    facts.push(["Retries", `up to ${String(task["retry"]["limit"])}, ${String(task["retry"]["backoff"])}`]);
  if (isJson(task["timeLimit"]))
    facts.push([
      "Time limit",
      Object.entries(task["timeLimit"])
        .map(([kind, ms]) => `${kind} ${Number(ms) / 1000} s`)
        .join(", "),
    ]);
  return {
    contract,
    name,
    description: typeof task["description"] === "string" ? task["description"] : undefined,
    queue,
    params: params.map((param) => {
      const schema = isJson(param["schema"]) ? param["schema"] : {};
      return {
        name: String(param["name"]),
        optional: param["optional"] === true,
        description: typeof schema["description"] === "string" ? schema["description"] : undefined,
        schema: shortSchema(schema),
        json: { ...schema, $defs: definitions },
      };
    }),
    facts,
  };
}

/** `string`, `{ delimiter?, strict? }`, `"a" | "b"`, `FileInspection`. */
export function shortSchema(schema: unknown): string {
  if (!isJson(schema)) return schema === null || schema === undefined ? "nothing" : "anything";
  if (typeof schema["$ref"] === "string") return schema["$ref"].slice(schema["$ref"].lastIndexOf("/") + 1);
  if (Array.isArray(schema["enum"])) return schema["enum"].map((each) => JSON.stringify(each)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema["const"]);
  const many = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(many)) return many.map((each) => shortSchema(each)).join(" | ");
  if (schema["type"] === "array") return `${shortSchema(schema["items"])}[]`;
  if (schema["type"] === "object" && isJson(schema["properties"])) {
    const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
    const names = Object.keys(schema["properties"]).map((name) => (required.includes(name) ? name : `${name}?`));
    return `{ ${names.join(", ")} }`;
  }
  const format = typeof schema["format"] === "string" ? ` (${schema["format"]})` : "";
  const type: unknown = schema["type"];
  return `${Array.isArray(type) ? type.join(" | ") : typeof type === "string" ? type : "anything"}${format}`;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
