import { catalog, type ImportRecord } from "@example/catalog";
import type { App } from "ligature";
import { followToEnd, problemOf } from "./ask.ts";
import type { InputFolder } from "./input-folders.ts";

/** One folder's way through the system, as seen from here. */
export interface ImportStatus {
  readonly folder: InputFolder;
  /** What the catalog says; undefined until it has answered. */
  readonly record: ImportRecord | undefined;
  /** Why it is no longer followed although it has not ended, or why it never began. */
  readonly problem: string | undefined;
  /** Milliseconds since it was handed in. */
  readonly elapsed: number;
}

export interface ImportOptions {
  /** Who is told how it ended. */
  readonly owner: string;
  readonly signal: AbortSignal;
  /** Called whenever something is known anew. */
  readonly onChange: (status: ImportStatus) => void;
}

/** Hands folders to the catalog and follows each to its end. Resolves in the folders' order. */
export function importFolders(app: App, folders: readonly InputFolder[], options: ImportOptions): Promise<ImportStatus[]> {
  return Promise.all(folders.map((folder) => importFolder(app, folder, options)));
}

/** A failed import has an end at once, but this one waits for its other files' ends, too. */
export function isOver(record: ImportRecord | undefined): boolean {
  return record?.finishedAt !== undefined && unfinishedFiles(record) === 0;
}

export function unfinishedFiles({ files }: ImportRecord): number {
  return files.pending + files.processing;
}

export function totalFiles({ files }: ImportRecord): number {
  return files.pending + files.processing + files.success + files.failed;
}

async function importFolder(app: App, folder: InputFolder, { owner, signal, onChange }: ImportOptions): Promise<ImportStatus> {
  const started = performance.now();
  let status: ImportStatus = { folder, record: undefined, problem: undefined, elapsed: 0 };
  const update = (change: Partial<ImportStatus>): void => {
    status = { ...status, ...change, elapsed: performance.now() - started };
    onChange(status);
  };

  update({});
  try {
    const remote = app.remote(catalog);
    const id = await remote.importFolder.with({ signal })(folder.path, owner);
    await followToEnd({
      question: () => remote.getImport.with({ signal, timeout: "5s" })(id),
      isOver,
      isNews,
      onRecord: (record) => update({ record }),
      signal,
    });
  } catch (error) {
    const refused = error instanceof catalog.errors.FolderRefused;
    update({ problem: refused ? error.data.reason : problemOf(error, signal) });
  }
  return status;
}

function isNews(before: ImportRecord | undefined, now: ImportRecord): boolean {
  return before === undefined || before.state !== now.state || unfinishedFiles(before) !== unfinishedFiles(now);
}
