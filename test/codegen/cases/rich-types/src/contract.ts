import { contract, task } from "ligature/contract";
import { z } from "zod";

enum Level {
  Low,
  High = 5,
}

export const Shape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("circle"), radius: z.number() }),
  z.object({ kind: z.literal("square"), side: z.number(), corners: z.tuple([z.int(), z.int()], z.int()).optional() }),
]);

export const Everything = z.object({
  map: z.map(z.string(), z.set(z.bigint())),
  level: z.enum(Level),
  version: z.templateLiteral(["v", z.int(), ".", z.int()]),
  byLevel: z.partialRecord(z.enum(["low", "high"]), Shape),
  frozen: z.array(Shape).readonly(),
  frozenMap: z.map(z.string(), z.date()).readonly(),
  either: z.union([z.string(), z.number().nullable()]),
  both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })),
  rest: z.object({ known: z.string() }).catchall(z.number()),
  any: z.any(),
});

export const kinds = contract("kinds", {
  tasks: {
    turn: task({ params: { shape: Shape, everything: Everything, bytes: z.instanceof(Uint8Array) }, returns: Everything }),
  },
});
