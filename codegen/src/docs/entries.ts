import type { Manifest, ManifestTask } from "../manifest/index.ts";

/** A task, and the contract that it is of. */
export interface Entry {
  readonly manifest: Manifest;
  /** On the wire. */
  readonly name: string;
  readonly task: ManifestTask;
}

/** In the order of names: the same contracts give the same catalogue, in whatever order they come. */
export function entriesOf(manifest: Manifest): readonly Entry[] {
  const names = Object.keys(manifest.tasks).sort();
  return names.flatMap((name) => {
    const task = manifest.tasks[name];
    return task === undefined ? [] : [{ manifest, name, task }];
  });
}
