import { contract, task } from "ligature/contract";
import { z } from "zod";

/** One kind of bread. */
export const Bread = z.object({
  /** Not shown to customers. */
  id: z.string(),
  grams: z.int().describe("Before baking."),
  price: z.number(),
  seeds: z.set(z.enum(["poppy", "sesame"])),
  bakedAt: z.date().optional(),
  "gluten-free": z.boolean(),
  class: z.literal(["white", "wholegrain"]).optional(),
});

export const Topping = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sweet"), sugar: z.number() }),
  z.object({ kind: z.literal("salty"), salt: z.number(), from: z.string().optional() }),
]);

/** Contains itself. */
export const Layer = z.object({
  get inside() {
    return z.array(Layer);
  },
  topping: Topping.nullable(),
});

/** The sides differ. */
export const Oven = z.object({
  degrees: z.number().default(220),
  fan: z.boolean().default(false),
  shelf: z.union([z.literal(1), z.literal(2)]),
});

/** No loaf at all. */
export const Nothing = z.null();

enum Heat {
  Low,
  High = 5,
}

/** Called like what the module imports. */
export const Task = z.object({ title: z.string() });
export const Special = z.intersection(Task, z.object({ discount: z.number().nullable(), heat: z.enum(Heat).optional() }));
export const Code = z.templateLiteral(["v", z.int()]);
export const Stock = z.object({ known: z.number() }).catchall(z.string());

/** Too long for one line where Python evaluates it. */
export const Answer = z.union([
  z.array(Special),
  z.record(z.string(), Special),
  z.literal("none of what you have asked for"),
  z.null(),
]);

export const Weekday = z.enum(["mon", "tue"]);
export const Json = z.json();
export const OutOfFlour = z.object({ missing: z.number(), until: z.date().nullable() });

/** Bread and cake. */
export const bakery = contract("bakery", {
  runtime: "celery",
  queue: "bakery-python",
  tasks: {
    /**
     * Bakes it all. This description is so long that it doesn't fit into one line of a Python module, and has a "quote"
     * and a \backslash in it.
     *
     * @deprecated Use bakeMany.
     */
    bake: task({
      params: { bread: Bread, oven: Oven, at: z.date(), count: z.bigint().optional(), note: z.string().default("none") },
      returns: z.object({ breads: z.array(Bread), oven: Oven, total: z.bigint(), left: Nothing.optional() }),
      errors: { OutOfFlour, Burnt: z.object({ layers: z.tuple([z.string(), z.int()], z.boolean()) }) },
      timeLimit: { soft: "40m", hard: "45m" },
      priority: 3,
      expires: "2h",
    }),
    bakeMany: task({
      params: { breadsByName: z.map(z.string(), Bread), prices: z.record(Weekday, z.number()), photo: z.instanceof(Uint8Array) },
      returns: z.date().nullable(),
      errors: { OutOfFlour },
      ack: "early",
    }),
    import: task({ params: { self: z.string(), anything: z.unknown(), json: Json, cake: Layer.nullish() }, ignoreResult: true }),
    offer: task({
      params: { special: Special, code: Code, stock: Stock, prices: z.array(z.object({ euro: z.number() })) },
      returns: z.union([Task, Answer, z.null(), z.literal(["none", 0, true]), z.array(z.map(z.int(), z.set(z.date())))]),
    }),
    HTTPPing: task({ name: "bakery.tasks.ping" }),
  },
});
