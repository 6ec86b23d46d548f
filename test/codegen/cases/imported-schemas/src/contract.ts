import { ProcessedFile as File, WrongFormat } from "@example/processing/contract";
import { contract, task } from "ligature/contract";
import { z } from "zod";

/** A name that one of the imported ones has, too. */
export const ColumnStatistics = z.object({ own: z.string() });

/** Exported again: the same schema. */
export { FileProgress } from "@example/processing/contract";

export const reports = contract("reports", {
  tasks: {
    write: task({ params: { file: File, statistics: ColumnStatistics, columns: File.shape.columns }, returns: z.array(File.optional()) }),
    refuse: task({ params: { reason: WrongFormat.shape.reason }, errors: { WrongFormat } }),
  },
});
