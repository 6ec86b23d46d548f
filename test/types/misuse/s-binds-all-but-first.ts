// .s() binds every parameter but the first; .si() binds them all.
import { catalog } from "@example/catalog";

export const signature = catalog.markProcessed.s();
