/**
 * What every task of the fixtures takes and returns: an object of five members, one of them nested, and an object
 * of two; as zod schemas and as a type by hand.
 */
export const schema: Readonly<Record<"Input" | "Output", string>> = {
  Input:
    "z.object({ id: z.string(), count: z.number(), tags: z.array(z.string()), force: z.boolean().optional(), " +
    'options: z.object({ format: z.enum(["png", "jpg"]), quality: z.number() }) })',
  Output: "z.object({ id: z.string(), size: z.number() })",
};

export const members: Readonly<Record<"Input" | "Output", string>> = {
  Input:
    "  id: string;\n  count: number;\n  tags: string[];\n  force?: boolean | undefined;\n" +
    '  options: { format: "png" | "jpg"; quality: number };\n',
  Output: "  id: string;\n  size: number;\n",
};

/** An argument that fits. */
export const argument: string = '{ id: "1", count: 1, tags: ["a"], options: { format: "png", quality: 1 } }';
