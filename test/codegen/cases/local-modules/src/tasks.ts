import { task } from "ligature/contract";
import { z } from "zod";
import { Speed } from "./more.ts";
import type { Program } from "./program.ts";
import * as schemas from "./schemas.js";
import { Point, Hidden } from "./schemas.js";

const common = {
  /** Where it starts. */
  from: Point,
};

export const tasks = {
  /** Declared in another module. */
  move: task({ params: { ...common, to: Point, via: z.array(schemas.Point) } }),
  steer: task({ params: { path: schemas.Path, speed: Speed, program: z.custom<Program>() }, returns: z.array(Speed) }),
  show: task({ params: { hidden: Hidden } }),
};
