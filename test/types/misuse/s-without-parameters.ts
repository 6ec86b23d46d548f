// A task without parameters has nothing that a parent's result could become.
import { lab } from "@ligature/lab";

export const signature = lab.lie.s();
