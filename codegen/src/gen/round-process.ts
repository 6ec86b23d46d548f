import { UsageError } from "ligature/cli";
import { findContractPackages, moduleGraph, type ContractPackage } from "../workspace/index.ts";
import type { GenResult } from "./gen-result.ts";
import { Generation } from "./generation.ts";
import { defaultLoadTimeout, type Job, type Told } from "./job.ts";

/** The process of one round: takes a job, answers package by package, and is ended by whoever gave it. */
process.once("message", (job) => {
  void round(job as Job)
    .then((): Told => ({ kind: "done" }))
    .catch((error: unknown): Told => ({ kind: "problem", problem: messageOf(error) }))
    .then(tell);
});

async function round({ cwd, dirs, check, force, loadTimeout = defaultLoadTimeout }: Job): Promise<void> {
  let current: ContractPackage | undefined;
  const generation = new Generation({
    check,
    force,
    loadTimeout,
    onLoad: async (isLoading) => {
      process.channel?.ref();
      if (current === undefined) return;
      const { dir, name, source } = current;
      await tell(isLoading ? { kind: "loading", dir, name, source, inputs: moduleGraph(current).hash } : { kind: "loaded" });
      // Then nothing but the contract keeps this process alive: so it shows when nothing is left to wait for.
      if (isLoading) process.channel?.unref();
    },
  });
  for (current of await findContractPackages(cwd, dirs)) {
    await tell({ kind: "result", result: sendable(await generation.package(current)) });
  }
}

function tell(told: Told): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(told, () => resolve());
  });
}

/** What a contract throws may hold anything; its message and stack are what is shown. */
function sendable({ cause, ...result }: GenResult): GenResult {
  if (!(cause instanceof Error)) return result;
  return { ...result, cause: Object.assign(new Error(cause.message), { stack: cause.stack }) };
}

function messageOf(error: unknown): string {
  if (UsageError.is(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
