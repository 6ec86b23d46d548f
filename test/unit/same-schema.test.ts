import { contract, task, type SchemaLike } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";

/** Two tasks that declare an error of one name. */
const both = (a: SchemaLike, b: SchemaLike): unknown =>
  contract("c", { tasks: { one: task({ errors: { Failed: a } }), two: task({ errors: { Failed: b } }) } });

const refused = /both declare the error "Failed" with different schemas/;

interface Tree {
  readonly children: readonly Tree[];
}
const tree = (): z.ZodType<Tree> => {
  const node: z.ZodType<Tree> = z.object({ children: z.array(z.lazy(() => node)) });
  return node;
};
const isEven = (value: number): boolean => value % 2 === 0;

describe("an error that two tasks declare", () => {
  it.each<[string, () => SchemaLike]>([
    ["objects", () => z.object({ line: z.number().int().min(1), reason: z.string().optional() })],
    ["formats and patterns", () => z.tuple([z.email(), z.string().regex(/^a+$/i), z.iso.datetime({ offset: true })])],
    ["unions, enums and literals", () => z.union([z.enum(["a", "b"]), z.literal([1, null]), z.record(z.string(), z.date())])],
    ["defaults", () => z.object({ at: z.date().default(new Date(0)), tags: z.array(z.string()).default([]) })],
    ["one that contains itself", tree],
    ["refinements by one function", () => z.number().refine(isEven)],
    ["strict objects", () => z.strictObject({ a: z.map(z.string(), z.set(z.bigint())) })],
  ])("may be written out twice: %s", (_what, make) => {
    expect(both(make(), make())).toBeDefined();
  });

  it.each<[string, SchemaLike, SchemaLike]>([
    ["another kind", z.string(), z.number()],
    ["another bound", z.number().min(1), z.number().min(2)],
    ["a check more", z.string(), z.string().min(1)],
    ["another key", z.object({ a: z.string() }), z.object({ b: z.string() })],
    ["a key more", z.object({ a: z.string() }), z.object({ a: z.string(), b: z.string() })],
    ["another pattern", z.string().regex(/a/), z.string().regex(/a/i)],
    ["another default", z.date().default(new Date(0)), z.date().default(new Date(1))],
    ["another strictness", z.object({ a: z.string() }), z.strictObject({ a: z.string() })],
    ["deep inside", z.array(z.tuple([z.enum(["a"])])), z.array(z.tuple([z.enum(["b"])]))],
    ["code that may do something else", z.number().refine((n) => n > 1), z.number().refine((n) => n > 2)],
  ])("may not be two things: %s", (_what, a, b) => {
    expect(() => both(a, b)).toThrow(refused);
  });
});
