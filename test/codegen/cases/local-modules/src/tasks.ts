import { task } from "ligature/contract";
import { z } from "zod";
import * as schemas from "./schemas.js";
import { Point, Hidden } from "./schemas.js";

const common = {
  /** Where it starts. */
  from: Point,
};

export const tasks = {
  /** Declared in another module. */
  move: task({ params: { ...common, to: Point, via: z.array(schemas.Point) } }),
  show: task({ params: { hidden: Hidden } }),
};
