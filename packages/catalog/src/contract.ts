import { ProcessedFile } from "@example/processing/contract";
import { contract, task } from "ligature/contract";
import { z } from "zod";

export const catalog = contract("catalog", {
  queue: "catalog",
  tasks: {
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
