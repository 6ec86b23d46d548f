import { z } from "zod";

/** Not exported by the contract module. */
export const Speed = z.object({ value: z.number().default(1), unit: z.enum(["km/h", "m/s"]) });

/** One that nobody uses, and that could not travel. */
export const Unused = z.symbol();

export type Program = { run(): void };
