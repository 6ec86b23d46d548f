import { contract, task } from "ligature/contract";
import { z } from "zod";

/** In cents, from what people write. */
export const Cents = z
  .string()
  .regex(/^\d+\.\d\d$/)
  .transform((text) => Math.round(Number(text) * 100));

/** A codec has a schema for each side, so nobody need be asked. */
export const Moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** What a transform returns, in all its variety. */
export const Parsed = z.string().transform((text) => ({
  words: text.split(" "),
  lengths: new Map(text.split(" ").map((word) => [word, word.length] as const)),
  first: text[0] as string | undefined,
  kind: (text === "" ? "empty" : "full") as "empty" | "full",
  maybe: text === "" ? undefined : { at: new Date(0), count: 1n },
  pair: [1, text] as [number, string?],
  rest: ["a"] as readonly [string, ...number[]],
  nothing: null,
  "a-b": true,
}));

/** Later steps see what earlier ones made. */
export const Chain = z
  .string()
  .transform((text) => text.length)
  .pipe(z.number().max(10))
  .transform(async (length) => ({ length }) as const);

export const Trimmed = z.preprocess((value) => (typeof value === "string" ? value.trim() : value), z.string().min(1));
export const Typed = z.preprocess((value: string | number) => String(value), z.string());

export const Settings = z.object({
  cents: Cents,
  optional: z.string().transform(Number).optional(),
  fallback: z.string().transform(Number).default(3),
  prefault: z.string().transform(Number).prefault("3"),
  caught: z.string().transform(Number).catch(0),
  frozen: z.array(Cents).transform((all) => all).readonly(),
  either: z.union([z.boolean(), z.string().transform((text) => text.split(","))]),
  record: z.record(z.string(), z.coerce.number().transform((value) => value > 0)),
  overwritten: z.string().overwrite((text) => text.trim()),
  flag: z.stringbool(),
});

export const transforms = contract("transforms", {
  tasks: {
    charge: task({ params: { amount: Cents, at: Moment, settings: Settings.optional() }, returns: Cents }),
    parse: task({ params: { text: Parsed, trimmed: Trimmed, typed: Typed, untyped: z.any().transform(String) }, returns: Parsed }),
    chain: task({ params: { text: Chain }, returns: Chain, progress: z.object({ done: Cents, since: Moment }), errors: { TooLong: z.object({ by: Cents, at: Moment }) } }),
    encode: task({ params: { bytes: z.string().transform((text) => new Uint8Array(text.length)) } }),
    settle: task({ returns: Settings }),
  },
});
