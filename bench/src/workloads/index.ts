/** Everything that is measured, in the order of the table. */
import type { Workload } from "../workload.ts";
import { drain, drainWithResults } from "./drain.ts";
import { enqueue } from "./enqueue.ts";
import { importContract, importRuntime } from "./imports.ts";
import { items } from "./items.ts";
import { pending } from "./pending.ts";
import { link, rpc, rpcAtOnce, rpcLarge } from "./rpc.ts";

export const workloads: readonly Workload[] = [
  enqueue,
  drain,
  drainWithResults,
  rpc,
  rpcAtOnce,
  link,
  rpcLarge,
  ...items,
  pending,
  importRuntime,
  importContract,
];
