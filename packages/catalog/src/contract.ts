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
  },
});
