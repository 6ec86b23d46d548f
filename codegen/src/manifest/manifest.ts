import { UsageError } from "ligature/cli";
import type { AllowedModel, DeliveryModel, QueueModel } from "../model/contract-model.ts";
import type { JsonSchema, JsonValue } from "../model/json-schema.ts";

/** The part of a contract.json that tools judge by; `print-manifest.ts` writes it. */
export interface Manifest {
  readonly manifest: number;
  readonly package: string;
  readonly contract: string;
  readonly description?: string;
  readonly runtime: "ligature" | "celery";
  readonly queue: QueueModel;
  readonly allow?: AllowedModel;
  /** By name on the wire. */
  readonly tasks: Readonly<Record<string, ManifestTask>>;
  /** Names of the generated types, by the name of the schema. */
  readonly types: Readonly<Record<string, { readonly output: string; readonly input: string }>>;
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

export interface ManifestTask extends DeliveryModel {
  readonly key: string;
  readonly description?: string;
  /** What to use instead; true when it isn't said. */
  readonly deprecated?: string | true;
  readonly queue: string;
  readonly params: readonly ManifestParam[];
  readonly returns: JsonSchema | null;
  readonly errors: Readonly<Record<string, JsonSchema>>;
  readonly progress: JsonSchema | null;
  readonly allow?: AllowedModel;
  readonly fingerprint: string;
}

export interface ManifestParam {
  readonly name: string;
  readonly optional: boolean;
  readonly schema: JsonSchema;
}

/** A file is not the manifest of a contract that this version understands. */
export class ManifestProblem extends UsageError {
  override readonly name: string = "ManifestProblem";
}

/**
 * The form that this version writes and reads; `manifest` in the file. The first form says nothing in Ligature's own
 * keywords (`x-…`) but `x-type`.
 */
const knownForm = 2;

/**
 * @param where what to call the file in a message
 * @throws ManifestProblem
 */
export function parseManifest(text: string, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ManifestProblem(`${where} is not JSON: ${(error as Error).message}.`);
  }
  if (!isManifest(value)) throw new ManifestProblem(`${where} is not a contract's manifest, as \`ligature gen\` writes it.`);
  if (value.manifest > knownForm) {
    throw new ManifestProblem(`${where} was written by a newer @ligature/codegen (form ${value.manifest}); update this one.`);
  }
  return value;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { manifest, contract, tasks, package: name, $defs, types } = value as Readonly<Record<string, unknown>>;
  return (
    typeof manifest === "number" &&
    typeof contract === "string" &&
    typeof name === "string" &&
    [tasks, $defs, types].every((part) => typeof part === "object" && part !== null)
  );
}

/** A manifest as its first form would have said it, to be compared with one of that form. */
export function inFirstForm(manifest: Manifest): Manifest {
  return withoutFacts(manifest as never) as unknown as Manifest;
}

/** Keywords whose keys are names that the user chose. */
const namesInside: ReadonlySet<string> = new Set(["$defs", "errors", "patternProperties", "properties", "tasks", "types"]);

function withoutFacts(json: JsonValue, isNames = false): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => withoutFacts(item));
  if (typeof json !== "object" || json === null) return json;
  const kept = Object.entries(json).filter(([key]) => isNames || key === "x-type" || !key.startsWith("x-"));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const isValue = !isNames && (key === "const" || key === "default" || key === "enum");
      return [key, isValue ? value : withoutFacts(value, !isNames && namesInside.has(key))];
    }),
  );
}

/** Whether a manifest says all that decides which values pass. */
export function saysAll({ manifest }: Manifest): boolean {
  return manifest >= knownForm;
}
