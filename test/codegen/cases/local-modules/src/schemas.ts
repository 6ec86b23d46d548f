import { z } from "zod";

/** A place in the plane. */
export const Point = z.object({
  /** To the right. */
  x: z.number(),
  y: z.number(),
});

const Hidden = z.object({ secret: z.string() });
export { Hidden };
