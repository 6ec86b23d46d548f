import { basename, relative } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import type { WorkspaceLayout } from "../workspace/index.ts";
import { mayHoldPackages } from "./globs.ts";

/** Folders in which no source of a contract lies. */
function isSkipped(path: string): boolean {
  const name = basename(path);
  return name.startsWith(".") || name === "node_modules" || name === "generated" || name === "dist";
}

const ofInterest = /\.([cm]?[jt]sx?|json|ya?ml)$/;

/**
 * Tells when something may have changed: what changed, and whether at all, is for content hashes to say. A
 * folder that was watched once is watched until it is gone: a package may only seem to be gone, while its
 * package.json is written.
 */
export class Watchers {
  readonly #changed: () => void;
  readonly #failed: (error: Error) => void;
  /** Where packages may come and go. */
  #layout: WatchedFolders | undefined;
  /** Contract packages, with what lies deeper. */
  readonly #packages: WatchedFolders;
  /** Folders without what lies deeper. */
  readonly #folders: WatchedFolders;
  #globs = "";

  constructor(changed: () => void, failed: (error: Error) => void) {
    this.#changed = changed;
    this.#failed = failed;
    this.#packages = this.#open((path, isFile) => (isFile ? !ofInterest.test(path) : isSkipped(path)));
    this.#folders = this.#open((path, isFile) => isFile && !ofInterest.test(path), 0);
  }

  async update({ root, globs }: WorkspaceLayout, packages: readonly string[], folders: readonly string[]): Promise<void> {
    if (this.#layout === undefined || globs.join("\n") !== this.#globs) {
      await this.#layout?.close();
      this.#globs = globs.join("\n");
      this.#layout = this.#open((path, isFile) =>
        isFile
          ? !["package.json", "pnpm-workspace.yaml"].includes(basename(path))
          : isSkipped(path) || !mayHoldPackages(relative(root, path), globs),
      );
    }
    this.#layout.add([root]);
    this.#packages.add(packages);
    this.#folders.add(folders);
  }

  async close(): Promise<void> {
    await Promise.all([this.#layout?.close(), this.#packages.close(), this.#folders.close()]);
  }

  #open(ignored: Ignored, depth?: number): WatchedFolders {
    return new WatchedFolders(ignored, depth, this.#changed, this.#failed);
  }
}

type Ignored = (path: string, isFile: boolean) => boolean;

/** Folders that are watched in one way. */
class WatchedFolders {
  readonly #watcher: FSWatcher;
  readonly #roots = new Set<string>();

  constructor(ignored: Ignored, depth: number | undefined, changed: () => void, failed: (error: Error) => void) {
    this.#watcher = watch([], {
      // Files that are there already are told of, too: they may have changed since they were read.
      ignoreInitial: false,
      ...(depth !== undefined && { depth }),
      ignored: (path, stats) => stats !== undefined && !this.#roots.has(path) && ignored(path, stats.isFile()),
    });
    this.#watcher.on("all", (event, path) => {
      // A folder that is made anew has to be watched anew.
      if (event === "unlinkDir") this.#roots.delete(path);
      changed();
    });
    this.#watcher.on("error", (error) => failed(error as Error));
  }

  add(dirs: readonly string[]): void {
    const added = dirs.filter((dir) => !this.#roots.has(dir));
    for (const dir of added) this.#roots.add(dir);
    if (added.length > 0) this.#watcher.add(added);
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }
}
