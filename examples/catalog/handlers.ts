import { basename } from "node:path";
import { catalog, type CatalogHandlers } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing, type FileProgress } from "@example/processing";
import { LigatureError, type App, type AsyncResult, type TaskContext } from "ligature";
import { failureReason, wrongFormatReason } from "./failure-reason.ts";
import type { Files, StoredFile } from "./files.ts";
import { createImportHandlers } from "./import-handlers.ts";
import type { Imports } from "./imports.ts";

/** The service's side of its contract: where rows meet tasks. */
export function createHandlers(app: App, files: Files, imports: Imports): CatalogHandlers {
  const processingService = app.remote(processing);
  const notificationsService = app.remote(notifications);
  /** How far files are. Worth no disk write: when this process restarts, the next report is near. */
  const progressOf = new Map<number, FileProgress>();

  /** A quick answer is awaited: a call, an answer or a declared error. Resolves with why the file is refused, if it is. */
  async function inspect(file: StoredFile, { log }: TaskContext): Promise<string | undefined> {
    try {
      const { bytes, columns } = await processingService.inspectFile.with({ timeout: "5s" })(file.path);
      await files.setSize(file.id, bytes);
      log.info({ fileId: file.id, bytes, columns: columns.length, path: file.path }, "file inspected");
      return undefined;
    } catch (error) {
      if (error instanceof processing.errors.WrongFormat) return wrongFormatReason(error.data);
      // No look is no reason to give up: processFile waits in its queue for as long as it takes.
      if (!(error instanceof LigatureError)) throw error;
      log.warn({ fileId: file.id, code: error.code }, "file could not be inspected in time; it is processed all the same");
      return undefined;
    }
  }

  /** Slow work is not awaited: it is sent with the callbacks that record its end, whenever that is, wherever we are then. */
  async function sendToProcessing({ id, path }: StoredFile, { log }: TaskContext): Promise<void> {
    const result = await processingService.processFile.applyAsync([path], {
      link: catalog.markProcessed.s(id),
      linkError: catalog.markFailed.si(id),
    });
    follow(id, result).catch((error: unknown) => log.warn({ fileId: id, err: error }, "progress is no longer followed"));
  }

  async function follow(id: number, result: AsyncResult<unknown, unknown, FileProgress>): Promise<void> {
    try {
      for await (const progress of result.progress()) {
        if (!progressOf.has(id)) await files.markStarted(id);
        progressOf.set(id, progress);
      }
    } finally {
      progressOf.delete(id);
    }
  }

  /** Sent for every delivery of a callback, the second one too: notifications knows notices by their key. */
  async function tellOwner(file: StoredFile | undefined, fileId: number, { log }: TaskContext): Promise<void> {
    if (file === undefined) {
      log.warn({ fileId }, "callback for a file that the catalog doesn't have");
      return;
    }
    // Who imports a folder is told of it as a whole.
    if (file.importId !== undefined) return;
    const name = basename(file.path);
    const text =
      file.state === "SUCCESS"
        ? `${name} is in the catalog: ${(file.rows ?? 0).toLocaleString("en")} rows`
        : `${name} was refused: ${file.reason}`;
    await notificationsService.notify.applyAsync([{ key: `catalog/${file.request}`, recipient: file.owner, text }], {
      ignoreResult: true,
    });
  }

  return {
    ...createImportHandlers(app, imports),

    async addFile(path, owner, ctx) {
      // The request's id makes this idempotent: delivered twice, it adds one row.
      const file = await files.add({ request: ctx.id, path, owner });
      if (file.state !== "PENDING") return file.id;
      const refusal = await inspect(file, ctx);
      if (refusal === undefined) await sendToProcessing(file, ctx);
      else await tellOwner(await files.fail(file.id, refusal), file.id, ctx);
      return file.id;
    },

    async getFiles(fileIds) {
      const found = await files.get(fileIds);
      return found.map(({ request: _, owner: __, importId: ___, ...file }) => ({ ...file, progress: progressOf.get(file.id) }));
    },

    async markProcessed(file, fileId, ctx) {
      await tellOwner(await files.succeed(fileId, file), fileId, ctx);
    },

    async markFailed(fileId, ctx) {
      await tellOwner(await files.fail(fileId, failureReason(ctx.failure)), fileId, ctx);
    },
  };
}
