// map calls a task with one argument; this one needs two.
import { catalog } from "@example/catalog";
import { map } from "ligature";

declare const files: { path: string; rows: number; checksum: string; finishedAt: Date }[];

export const signature = map(catalog.markProcessed, files);
