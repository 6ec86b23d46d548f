// A bound argument of the wrong type.
import { catalog } from "@example/catalog";

export const signature = catalog.markFailed.si("1");
