import { runInThisContext } from "node:vm";
import { contract, task } from "ligature/contract";
import { defineContract, type Contract } from "ligature/generated";
import { startTestService } from "ligature/testing";
import * as zod from "zod";
import type { Manifest } from "../../../codegen/dist/manifest/index.js";
import { isPlainArgument, isPlainResult } from "../../../codegen/dist/model/plain.js";
import type { TypeNode } from "../../../codegen/dist/model/type-node.js";
import { jsonSchemas } from "../../../codegen/dist/read/schema/index.js";
import { NamedTypes } from "../../../codegen/dist/read/schema/named-types.js";
import { Place } from "../../../codegen/dist/read/schema/place.js";

/** Where a schema stands in a task, which decides which way its values travel. */
export const roles = ["params", "returns", "errors"] as const;
export type Role = (typeof roles)[number];

/** Values that schemas with a default, a prefault or a catch may be given. */
const fillers = [
  "a",
  "ab",
  1,
  5,
  0,
  true,
  null,
  7n,
  new Date("2005-01-01"),
  [],
  {},
  "a@b.cd",
  "2020-02-29",
  new Set(),
  new Map(),
  "x-1",
  100,
];

/** A schema of its source; `fill` adds a default, a prefault or, unless they are left out, a catch that fits. */
export function versionOf(source: string, catches = true): zod.ZodType {
  const fill = (schema: zod.ZodType, name: "default" | "prefault" | "catch", index: number): zod.ZodType => {
    const fitting = fillers.filter((value) => schema.safeParse(value).success);
    return fitting.length === 0 || (name === "catch" && !catches)
      ? schema
      : (schema[name] as (value: unknown) => zod.ZodType)(fitting[index % fitting.length]);
  };
  return (runInThisContext(`(z, fill) => ${source}`) as (z: unknown, fill: unknown) => zod.ZodType)(zod, fill);
}

/** What the compiler would say of the functions that the tests transform with. */
const ofFunctions = (schema: zod.ZodType, side: "input" | "output"): TypeNode => {
  const { transform = "" } = (schema as unknown as { readonly _zod: { readonly def: { readonly transform?: unknown } } })._zod
    .def;
  const isLength = side === "output" && String(transform).includes("length");
  return { kind: "keyword", name: isLength ? "number" : "unknown" };
};

/** One version of a task with one schema. */
export class Version {
  readonly schema: zod.ZodType;
  readonly #input: TypeNode;
  readonly #output: TypeNode;

  constructor(source: string) {
    this.schema = versionOf(source);
    const types = new NamedTypes([], {
      opaque: (schema, side) => ofFunctions(schema as never, side),
      refined: (_schema, _side, _place, type) => type,
      isSame: () => true,
      mistake: () => undefined,
    });
    const place = new Place({} as never, "schema", undefined);
    this.#input = types.typeOf(this.schema as never, "input", place);
    this.#output = types.typeOf(this.schema as never, "output", place);
  }

  get mayBeMissing(): boolean {
    return (
      contract("c", { tasks: { t: task({ params: { value: this.schema } }) } })["~contract"].tasks.get("t")?.params[0]
        ?.optional === true
    );
  }

  get plain(): { readonly plainArgs: boolean; readonly plainResult: boolean } {
    return {
      plainArgs: isPlainArgument(this.#input, () => undefined),
      plainResult: isPlainResult(this.#output, () => undefined),
    };
  }

  /** As `ligature gen` writes it. */
  manifest(role: Role): Manifest {
    const side = role === "returns" ? "output" : "input";
    const { schemas, definitions } = jsonSchemas(zod, [{ schema: this.schema as never, side }], [], (schema) => {
      const type = ofFunctions(schema as never, side);
      return type.kind === "keyword" && type.name === "number" ? { type: "number" } : {};
    });
    const json = schemas[0] ?? {};
    const isMissing =
      role === "returns" && this.schema.safeParse(undefined).data === undefined && this.schema.safeParse(undefined).success;
    return {
      manifest: 2,
      package: "c",
      contract: "c",
      runtime: "ligature",
      queue: { name: "c", type: "quorum", deliveryLimit: 20 },
      types: {},
      $defs: definitions,
      tasks: {
        "c.t": {
          key: "t",
          queue: "c",
          params: role === "params" ? [{ name: "value", optional: this.mayBeMissing, schema: json }] : [],
          returns: role === "returns" ? (isMissing ? { anyOf: [json, { type: "null", "x-type": "undefined" }] } : json) : null,
          errors: role === "errors" ? { Bad: json } : {},
          progress: null,
          ack: "late",
          ignoreResult: false,
          fingerprint: JSON.stringify(json),
        },
      },
    };
  }
}

export interface Pair {
  readonly role: Role;
  readonly older: Version;
  readonly newer: Version;
}

interface Generated extends Record<string, unknown> {
  readonly errors: Readonly<Record<string, new (data: unknown) => Error & { readonly data: unknown }>>;
}

function generated(pairs: readonly Pair[], version: "older" | "newer"): Generated {
  const tasks = Object.fromEntries(
    pairs.map((pair, index) => {
      const { schema } = pair[version];
      const options =
        pair.role === "params"
          ? { params: { value: schema } }
          : pair.role === "returns"
            ? { returns: schema }
            : { errors: { [`Bad${index}`]: schema } };
      return [`t${index}`, task(options as never)];
    }),
  );
  const facts = Object.fromEntries(
    pairs.map((pair, index) => [`t${index}`, { fingerprint: `${version}${index}`, ...pair[version].plain }]),
  );
  return defineContract<Generated>(contract("c", { tasks: tasks as never }) as never, facts);
}

/** What came of one value on its way from one version to the other. */
export type Arrived = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/**
 * Older callers and a newer worker, with all that is between them: `send` calls the task of a pair with an argument, or
 * has it answer with a result or throw an error of that data, and tells what arrived.
 */
export async function runVersions(pairs: readonly Pair[]): Promise<{
  readonly send: (index: number, value: unknown) => Promise<Arrived>;
  readonly close: () => Promise<void>;
}> {
  const [older, newer] = [generated(pairs, "older"), generated(pairs, "newer")];
  let given: unknown;
  let received: unknown;
  const handlers = Object.fromEntries(
    pairs.map(({ role }, index) => [
      `t${index}`,
      (value: unknown) => {
        if (role === "returns") return given;
        if (role === "params") {
          received = value;
          return undefined;
        }
        const Bad = newer.errors[`Bad${index}`];
        throw Bad === undefined ? new Error("no class") : new Bad(given);
      },
    ]),
  );
  const service = await startTestService(newer as unknown as Contract, handlers);
  const remote = service.app.remote(
    older as unknown as Contract<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>,
  );
  return {
    async send(index, value) {
      const { role } = pairs[index] as Pair;
      given = value;
      try {
        const result = await remote[`t${index}`]?.(...(role === "params" && value !== undefined ? [value] : []));
        return { ok: true, value: role === "params" ? received : result };
      } catch (error) {
        const Bad = older.errors[`Bad${index}`];
        if (role === "errors" && Bad !== undefined && error instanceof Bad) return { ok: true, value: error.data };
        return { ok: false, error };
      }
    },
    async close() {
      await service.close();
    },
  };
}
