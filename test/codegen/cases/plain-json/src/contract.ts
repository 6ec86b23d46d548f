import { contract, task } from "ligature/contract";
import { z } from "zod";

export const Tree = z.object({
  value: z.number(),
  get children() {
    return z.array(Tree);
  },
});

export const Name = z.string().optional();

const plain = z.object({ name: z.string(), tags: z.array(z.enum(["a", "b"])), note: z.string().nullish(), tree: Tree });

/** What superjson need not look at, and what it must. */
export const plainness = contract("plainness", {
  tasks: {
    plain: task({ params: { value: plain }, returns: plain }),
    nothing: task(),
    optionalArgument: task({ params: { value: z.string().optional() }, returns: z.string().optional() }),
    optionalNullable: task({ params: { value: z.string(), tree: Tree.nullish(), name: Name, count: z.number().default(0) } }),
    optionalDate: task({ params: { value: z.string(), at: z.date().optional() } }),
    optionalList: task({ params: { value: z.string(), nothing: z.undefined(), list: z.array(Name).optional() } }),
    optionalKey: task({ params: { value: z.object({ a: z.string().optional() }) } }),
    requiredUndefined: task({ params: { value: z.object({ a: z.string().or(z.undefined()) }) } }),
    undefinedInList: task({ params: { value: z.array(z.string().optional()) }, returns: z.record(z.string(), z.string().optional()) }),
    date: task({ params: { value: z.object({ at: z.date() }) }, returns: z.date() }),
    bigint: task({ params: { value: z.literal(7n) }, returns: z.union([z.string(), z.bigint()]) }),
    collections: task({ params: { value: z.set(z.string()) }, returns: z.map(z.string(), z.string()) }),
    unknown: task({ params: { value: z.unknown() }, returns: z.looseObject({ a: z.string() }) }),
    coerced: task({ params: { value: z.coerce.number() }, returns: z.coerce.number() }),
    decoded: task({
      params: { value: z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }) },
      returns: z.stringbool(),
    }),
    nan: task({ params: { value: z.nan() }, returns: z.number() }),
  },
});
