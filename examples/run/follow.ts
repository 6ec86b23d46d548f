import { catalog, type FileRecord } from "@example/catalog";
import type { App } from "ligature";
import { followToEnd, problemOf } from "./ask.ts";
import type { InputFile } from "./input-files.ts";

/** One file's way through the system, as seen from here. */
export interface FileStatus {
  readonly file: InputFile;
  /** What the catalog says; undefined until it has answered. */
  readonly record: FileRecord | undefined;
  /** Why it is no longer followed although it has not ended. */
  readonly problem: string | undefined;
  /** Milliseconds since it was handed in. */
  readonly elapsed: number;
}

export interface FollowOptions {
  /** Who is told how it ended. */
  readonly owner: string;
  readonly signal: AbortSignal;
  /** Called whenever something is known anew. */
  readonly onChange: (status: FileStatus) => void;
}

/** How many files are on their way at a time; the others wait here. */
const lanes = 4;

/** Hands files to the catalog, as any of its clients would, and follows each to its end. Resolves in the files' order. */
export async function processFiles(app: App, files: readonly InputFile[], options: FollowOptions): Promise<FileStatus[]> {
  const statuses: FileStatus[] = [];
  const queue = files.entries();
  const lane = async (): Promise<void> => {
    // All lanes draw from the one iterator.
    for (const [index, file] of queue) statuses[index] = await processFile(app, file, options);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return statuses;
}

export function isFinal(record: FileRecord | undefined): boolean {
  return record?.state === "SUCCESS" || record?.state === "FAILED";
}

async function processFile(app: App, file: InputFile, { owner, signal, onChange }: FollowOptions): Promise<FileStatus> {
  const started = performance.now();
  let status: FileStatus = { file, record: undefined, problem: undefined, elapsed: 0 };
  const update = (change: Partial<FileStatus>): void => {
    status = { ...status, ...change, elapsed: performance.now() - started };
    onChange(status);
  };

  update({});
  try {
    const remote = app.remote(catalog);
    const id = await remote.addFile.with({ signal })(file.path, owner);
    await followToEnd({
      question: async () => (await remote.getFiles.with({ signal, timeout: "5s" })([id]))[0],
      isOver: isFinal,
      isNews,
      onRecord: (record) => update({ record }),
      signal,
    });
  } catch (error) {
    update({ problem: problemOf(error, signal) });
  }
  return status;
}

function isNews(before: FileRecord | undefined, now: FileRecord): boolean {
  return now.state !== before?.state || now.progress?.bytes !== before.progress?.bytes;
}
