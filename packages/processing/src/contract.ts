import { contract, task } from "ligature/contract";
import { z } from "zod";

/** What is known of one column of a CSV file. */
export const ColumnStatistics = z.object({
  name: z.string(),
  /** What every non-empty cell looks like. */
  type: z.enum(["integer", "number", "date", "boolean", "text"]),
  empty: z.number().int(),
  /** Of numbers only. */
  min: z.number().optional(),
  max: z.number().optional(),
  mean: z.number().optional(),
});

/** What processing found in one file. */
export const ProcessedFile = z.object({
  path: z.string(),
  rows: z.number().int(),
  bytes: z.number().int(),
  /** SHA-256 of the file's bytes, in hexadecimal. */
  checksum: z.string(),
  columns: z.array(ColumnStatistics),
  finishedAt: z.date(),
});

/** A first look at a file, without reading all of it. */
export const FileInspection = z.object({
  bytes: z.number().int(),
  columns: z.array(z.string()),
});

/** How far a file is. */
export const FileProgress = z.object({
  bytes: z.number().int(),
  totalBytes: z.number().int(),
  rows: z.number().int(),
});

/** Where a file stops being valid CSV, and why. */
export const WrongFormat = z.object({
  /** 1-based line of the file. */
  line: z.number().int(),
  reason: z.string(),
});

export const processing = contract("processing", {
  queue: "processing",
  tasks: {
    /**
     * Validates one uploaded CSV file and describes its columns. Takes seconds to minutes.
     * @param path where the file lies on the shared disk
     */
    processFile: task({
      params: {
        path: z.string().min(1),
        options: z
          .object({
            /** Refuses blank lines and columns without a name of their own, too. */
            strict: z.boolean().default(false),
            delimiter: z.string().length(1).default(","),
          })
          .optional(),
      },
      returns: ProcessedFile,
      progress: FileProgress,
      errors: { WrongFormat },
      retry: { limit: 3, backoff: "exponential" },
      timeLimit: { soft: "40m", hard: "45m" },
    }),

    /** Reads a file's size and header. Quick enough to await. */
    inspectFile: task({
      params: { path: z.string().min(1) },
      returns: FileInspection,
      errors: { WrongFormat },
    }),
  },
});
