import { z } from "zod";

export interface Program {
  readonly name: string;
}

/** Only a type is imported from here: running it would end everything. */
export const Point = z.never();
throw new Error("This program was run.");
