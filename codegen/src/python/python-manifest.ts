import type { Manifest } from "../findings/index.ts";

/** What is read of a contract.json. */
export type PythonManifest = Manifest & { readonly description?: string };
