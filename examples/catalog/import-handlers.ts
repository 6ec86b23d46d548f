import { basename } from "node:path";
import { catalog, type CatalogHandlers } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chord, type App, type TaskContext } from "ligature";
import { csvFilesIn, UnusableFolder } from "./folder.ts";
import { importFailureReason } from "./import-failure-reason.ts";
import type { Imports, StoredImport } from "./imports.ts";

type ImportHandlers = Pick<CatalogHandlers, "importFolder" | "getImport" | "importFinished" | "importFailed">;

/** Whole folders: one chord each. */
export function createImportHandlers(app: App, imports: Imports): ImportHandlers {
  const notificationsService = app.remote(notifications);

  async function pathsIn(folder: string): Promise<string[]> {
    try {
      return await csvFilesIn(folder);
    } catch (error) {
      if (!(error instanceof UnusableFolder)) throw error;
      throw new catalog.errors.FolderRefused({ folder, reason: error.message }, { cause: error });
    }
  }

  /**
   * One request for each file, each with its own callbacks, and what happens when all of them have succeeded. None of it
   * needs this process any more once it is sent.
   */
  async function sendToProcessing({ id }: StoredImport): Promise<void> {
    const files = await imports.filesOf(id);
    const header = files.map((file) =>
      processing.processFile.si(file.path).link(catalog.markProcessed.s(file.id)).linkError(catalog.markFailed.si(file.id)),
    );
    const body = catalog.importFinished.s(id).linkError(catalog.importFailed.si(id));
    await app.send(chord(header, body));
  }

  /** Once for the import, not for each of its files. Sent for every delivery of a callback: notices are known by their key. */
  async function tellOwner(stored: StoredImport | undefined, batchId: number, { log }: TaskContext): Promise<void> {
    const record = await imports.record(batchId);
    if (stored === undefined || record === undefined) {
      log.warn({ batchId }, "callback for an import that the catalog doesn't have");
      return;
    }
    const name = basename(stored.folder);
    const text =
      stored.state === "SUCCESS"
        ? `${name} is in the catalog: ${counted(record.files.success, "file")}, ${counted(record.rows, "row")}`
        : `${name} could not be imported: ${stored.reason}`;
    await notificationsService.notify.applyAsync([{ key: `catalog/import/${stored.request}`, recipient: stored.owner, text }], {
      ignoreResult: true,
    });
  }

  return {
    async importFolder(folder, owner, ctx) {
      // Delivered twice, it finds its import, and the files that were there then.
      const stored =
        (await imports.find(ctx.id)) ?? (await imports.add({ request: ctx.id, folder, owner, paths: await pathsIn(folder) }));
      // PENDING the second time too: nobody knows whether the chord was sent. Every callback of a second one changes nothing.
      if (stored.state === "PENDING") {
        await sendToProcessing(stored);
        await imports.markRunning(stored.id);
      }
      return stored.id;
    },

    async getImport(batchId) {
      const record = await imports.record(batchId);
      if (record === undefined) throw new catalog.errors.UnknownImport({ batchId });
      return record;
    },

    async importFinished(files, batchId, ctx) {
      await tellOwner(await imports.succeed(batchId, files), batchId, ctx);
    },

    async importFailed(batchId, ctx) {
      const reason = importFailureReason(ctx.failure, await imports.filesOf(batchId));
      await tellOwner(await imports.fail(batchId, reason), batchId, ctx);
    },
  };
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}
