// A misspelt option of a signature.
import { catalog } from "@example/catalog";

export const signature = catalog.markFailed.si(1).set({ countDown: "5m" });
