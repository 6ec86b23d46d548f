import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing, type FileProgress, type ProcessedFile, type ProcessingHandlers } from "@example/processing";
import type { App, Failure, TaskContext, Worker } from "ligature";
import { same } from "./same.ts";

declare const processed: ProcessedFile;

/** Parameters, results and the context are inferred; nothing is annotated. */
export function workers(app: App): Worker[] {
  return [
    app.worker(catalog, {
      addFile: (path, owner) => {
        same<typeof path, string>(true);
        same<typeof owner, string>(true);
        return 1;
      },
      getFiles: () => [],
      markProcessed(file, fileId, ctx) {
        same<typeof file, ProcessedFile>(true);
        same<typeof fileId, number>(true);
        same<typeof ctx, TaskContext>(true);
      },
      async markFailed(fileId, ctx) {
        same<typeof fileId, number>(true);
        same<typeof ctx.failure, Failure | undefined>(true);
      },
      importFolder: () => 1,
      getImport: (batchId) => {
        throw new catalog.errors.UnknownImport({ batchId });
      },
      importFinished(files, batchId) {
        same<typeof files, ProcessedFile[]>(true);
        same<typeof batchId, number>(true);
      },
      importFailed: () => {},
    }),
    app.worker(
      processing,
      {
        processFile: {
          run: async (path, options, ctx) => {
            same<typeof path, string>(true);
            // Defaults are applied before the handler sees them.
            same<typeof options, { strict: boolean; delimiter: string } | undefined>(true);
            same<typeof ctx, TaskContext<FileProgress>>(true);
            ctx.progress({ bytes: 1, totalBytes: 2, rows: 3 });
            if (ctx.signal.aborted) ctx.retry({ countdown: "1m" });
            if (path === "") throw new processing.errors.WrongFormat({ line: 1, reason: "empty" });
            return processed;
          },
          onSuccess: (request, result) => {
            same<typeof request.args, [path: string, options: { strict: boolean; delimiter: string } | undefined]>(true);
            same<typeof result, ProcessedFile>(true);
          },
          onFailure: (request, error) => {
            same<typeof request.retries, number>(true);
            same<typeof error, unknown>(true);
          },
        },
        inspectFile: (path) => ({ bytes: path.length, columns: [] }),
      },
      { concurrency: 2, prefetch: 4, shutdownTimeout: "1m" },
    ),
    app.worker(notifications, {
      notify: (notice) => notice.text.length,
      listNotices: async (recipient) => {
        same<typeof recipient, string | undefined>(true);
        return [{ key: "file-1", recipient: recipient ?? "", text: "", sentAt: new Date() }];
      },
    }),
  ];
}

/** Handlers may be a class or live in another file: the generated interface names their types. */
export class FileProcessing implements ProcessingHandlers {
  processFile = async (path: string): Promise<ProcessedFile> => ({ ...processed, path });
  inspectFile(path: string): { bytes: number; columns: string[] } {
    return { bytes: path.length, columns: [] };
  }
}

export function byClass(app: App): Worker {
  return app.worker(processing, new FileProcessing());
}
