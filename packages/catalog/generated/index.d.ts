import type { Contract, Handler, RemoteTask, Task } from "ligature/generated";
import type { ProcessedFile } from "@example/processing";

export interface Catalog extends Contract<CatalogRemote, CatalogHandlers> {
  readonly markProcessed: Task<[file: ProcessedFile, fileId: number], void>;
  readonly markFailed: Task<[fileId: number], void>;
  readonly errors: {};
}
export interface CatalogRemote {
  readonly markProcessed: RemoteTask<[file: ProcessedFile, fileId: number], void>;
  readonly markFailed: RemoteTask<[fileId: number], void>;
}
export interface CatalogHandlers {
  markProcessed: Handler<[file: ProcessedFile, fileId: number], void>;
  markFailed: Handler<[fileId: number], void>;
}
export declare const catalog: Catalog;
declare module "ligature" {
  interface TaskRegistry {
    "catalog.markProcessed": Catalog["markProcessed"];
    "catalog.markFailed": Catalog["markFailed"];
  }
}
