import { ColumnStatistics, FileProgress, ProcessedFile } from "@example/processing/contract";
import { contract, task } from "ligature/contract";
import { z } from "zod";

/** One file, as the catalog knows it. */
export const FileRecord = z.object({
  id: z.number().int(),
  path: z.string(),
  /** PENDING: accepted; PROCESSING: a worker has begun; SUCCESS and FAILED are final. */
  state: z.enum(["PENDING", "PROCESSING", "SUCCESS", "FAILED"]),
  /** The file's size; known once it was looked at. */
  bytes: z.number().int().optional(),
  /** How far it is, while PROCESSING. */
  progress: FileProgress.optional(),
  /** Of a SUCCESS: */
  rows: z.number().int().optional(),
  /** SHA-256, in hexadecimal. */
  checksum: z.string().optional(),
  columns: z.array(ColumnStatistics).optional(),
  /** Why it FAILED, for people to read. */
  reason: z.string().optional(),
  addedAt: z.date(),
  finishedAt: z.date().optional(),
});

/** One folder that was handed in as a whole, as the catalog knows it. */
export const ImportRecord = z.object({
  id: z.number().int(),
  folder: z.string(),
  /**
   * PENDING: its files are noted; RUNNING: they were sent to processing; SUCCESS: all of them are good;
   * FAILED: one isn't, or the import itself went wrong. A failure is known at once, while other files may still be on their way.
   */
  state: z.enum(["PENDING", "RUNNING", "SUCCESS", "FAILED"]),
  /** How many of its files are in which state. */
  files: z.object({
    pending: z.number().int(),
    processing: z.number().int(),
    success: z.number().int(),
    failed: z.number().int(),
  }),
  /** In all files that are SUCCESS. */
  rows: z.number().int(),
  bytes: z.number().int(),
  /** Files that FAILED, in the folder's order: the first hundred. */
  refused: z.array(z.object({ fileId: z.number().int(), path: z.string(), reason: z.string() })),
  /** Why the import FAILED, for people to read. */
  reason: z.string().optional(),
  addedAt: z.date(),
  finishedAt: z.date().optional(),
});

/** What was named can't be imported. */
export const FolderRefused = z.object({
  folder: z.string(),
  reason: z.string(),
});

/** No import has this id. */
export const UnknownImport = z.object({ batchId: z.number().int() });

export const catalog = contract("catalog", {
  queue: "catalog",
  tasks: {
    /**
     * Takes a file into the catalog and has it processed. Returns its id at once; `getFiles` tells how it goes.
     * @param path where the file lies on the shared disk
     * @param owner who is told how it ended
     */
    addFile: task({
      params: { path: z.string().min(1), owner: z.string().min(1) },
      returns: z.number().int(),
    }),

    /** What the catalog knows of these files. Ids that it doesn't know are left out. */
    getFiles: task({
      params: { fileIds: z.array(z.number().int()).max(1000) },
      returns: z.array(FileRecord),
    }),

    /** Records that a file was processed. Link it behind `processing.processFile`. */
    markProcessed: task({
      params: { file: ProcessedFile, fileId: z.number().int() },
    }),

    /** Records that a file could not be processed; the reason is in `ctx.failure`. */
    markFailed: task({
      params: { fileId: z.number().int() },
    }),

    /**
     * Takes a whole folder in: all its `.csv` files at once, which are in the catalog together or reported as a failure
     * together. Returns the import's id as soon as the files are on their way; `getImport` tells how it goes.
     * A folder without such files is an import of nothing, and a success.
     * @param folder where it lies on the shared disk
     * @param owner who is told how it ended, once
     */
    importFolder: task({
      params: { folder: z.string().min(1), owner: z.string().min(1) },
      returns: z.number().int(),
      errors: { FolderRefused },
    }),

    /** What the catalog knows of an import. */
    getImport: task({
      params: { batchId: z.number().int() },
      returns: ImportRecord,
      errors: { UnknownImport },
    }),

    /** Records that all files of an import were processed: the body of the chord of its `processing.processFile`s. */
    importFinished: task({
      params: { files: z.array(ProcessedFile), batchId: z.number().int() },
    }),

    /** Records that an import has failed; `ctx.failure` tells which of the chord's members did. */
    importFailed: task({
      params: { batchId: z.number().int() },
    }),
  },
});
