// The same for a signature.
import { catalog } from "@example/catalog/contract";

export const signature = catalog.markFailed.si(1);
