/** Other teams' contract packages, served and called in one process. */
import { catalog } from "@example/catalog";
import { processing, type ProcessedFile } from "@example/processing";
import { createApp } from "ligature";

const app = createApp({ name: "other-repo" });
const marked = new Map<number, ProcessedFile | undefined>();
let allMarked = (): void => {};
const done = new Promise<void>((resolve) => {
  allMarked = () => marked.size === 2 && resolve();
});

const workers = [
  app.worker(processing, {
    processFile: (path, options) => {
      if (path === "wrong.csv")
        throw new processing.errors.WrongFormat({ line: 3, reason: `no ${options?.delimiter ?? "comma"}` });
      return { path, rows: 2, bytes: 10, checksum: "00", columns: [], finishedAt: new Date(0) };
    },
    inspectFile: () => ({ bytes: 10, columns: ["a", "b"] }),
  }),
  app.worker(catalog, {
    addFile: () => 1,
    getFiles: () => [],
    markProcessed: (file, fileId) => {
      marked.set(fileId, file);
      allMarked();
    },
    markFailed: (fileId) => {
      marked.set(fileId, undefined);
      allMarked();
    },
    importFolder: (folder) => {
      throw new catalog.errors.FolderRefused({ folder, reason: "this catalog takes single files only" });
    },
    getImport: (batchId) => {
      throw new catalog.errors.UnknownImport({ batchId });
    },
    importFinished: () => {},
    importFailed: () => {},
  }),
];
await Promise.all(workers.map((worker) => worker.start()));

const remote = app.remote(processing);
const { columns } = await remote.inspectFile("a.csv");
const link = (fileId: number) => ({ link: catalog.markProcessed.s(fileId), linkError: catalog.markFailed.si(fileId) });
await remote.processFile.applyAsync(["a.csv"], link(1));
const sent = await app.sendTask("processing.processFile", ["wrong.csv", { delimiter: ";" }], link(2));
const outcome = await sent.settle();
const reason = !outcome.ok && outcome.error instanceof processing.errors.WrongFormat ? outcome.error.data.reason : "none";
await done;
console.log(
  JSON.stringify({ columns, finishedAt: marked.get(1)?.finishedAt.getTime(), failed: marked.has(2) && !marked.get(2), reason }),
);
await app.close();
