import { runInThisContext } from "node:vm";
import { z } from "zod";
import type { TypeNode } from "../../../codegen/dist/model/type-node.js";
import type { Plan } from "../../../codegen/dist/plan/index.js";
import { TypePrinter } from "../../../codegen/dist/print/type-printer.js";
import { NamedTypes } from "../../../codegen/dist/read/schema/named-types.js";
import { Place } from "../../../codegen/dist/read/schema/place.js";

/** A schema's types as generated code would show them, and what codegen complains about. */
export interface PrintedTypes {
  readonly input: string;
  readonly output: string;
  readonly mistakes: readonly string[];
}

/** The schema that an expression makes; `z` is zod. */
export function schemaOf(expression: string): z.ZodType {
  return (runInThisContext(`(z) => ${expression}`) as (zod: typeof z) => z.ZodType)(z);
}

/** Prints both sides of a schema that has no exported schemas inside. */
export function printTypes(schema: z.ZodType): PrintedTypes {
  const mistakes: string[] = [];
  const note = (_place: unknown, message: string): unknown => mistakes.push(message);
  const types = new NamedTypes([], {
    opaque: (kind) => {
      mistakes.push(`only the compiler knows z.${kind._zod.def.type}()`);
      return { kind: "keyword", name: "never" };
    },
    refined: (_schema, _side, _place, type) => type,
    isSame: () => true,
    mistake: note,
  });
  const place = new Place({} as never, "schema", undefined);
  return {
    input: printNode(types.typeOf(schema as never, "input", place)),
    output: printNode(types.typeOf(schema as never, "output", place)),
    mistakes,
  };
}

/** The text of a type that has no names in it but those of any JSON value. */
export function printNode(type: TypeNode): string {
  const plan = { global: (name: string) => name, nameOf: () => "z.core.util.JSONType", doc: (text: unknown) => text };
  return new TypePrinter(plan as unknown as Plan)
    .print(type)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
}
