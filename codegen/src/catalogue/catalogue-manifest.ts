import type { Manifest, ManifestTask } from "../findings/index.ts";

/** What is read of a contract.json. */
export type CatalogueManifest = Manifest & { readonly description?: string };

/** A task, and the contract that it is of. */
export interface Entry {
  readonly manifest: CatalogueManifest;
  /** On the wire. */
  readonly name: string;
  readonly task: ManifestTask;
}

/** In the order of names: the same contracts give the same catalogue, in whatever order they come. */
export function entriesOf(manifest: CatalogueManifest): readonly Entry[] {
  const names = Object.keys(manifest.tasks).sort();
  return names.flatMap((name) => {
    const task = manifest.tasks[name];
    return task === undefined ? [] : [{ manifest, name, task }];
  });
}
