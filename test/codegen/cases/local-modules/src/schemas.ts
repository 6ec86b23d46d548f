import { z } from "zod";

/** A place in the plane. */
export const Point = z.object({
  /** To the right. */
  x: z.number(),
  y: z.number(),
});

/** Exported here, and not by the contract module; contains itself. */
export const Path = z.object({
  /** Where it begins. */
  start: Point,
  get next() {
    return Path.optional();
  },
});

const Hidden = z.object({ secret: z.string() });
export { Hidden };
