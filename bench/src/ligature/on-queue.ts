import { bench, type Bench } from "@ligature/bench-tasks";
import type { QueueType } from "../side.ts";
import { defineContract, type TaskFacts } from "ligature/generated";

/** The contract on a queue of its own, so that runs on one broker don't meet. */
export function onQueue(name: string, type: QueueType = "quorum"): Bench {
  const { spec, tasks } = bench["~generated"];
  const queue = { ...spec.queue, name, type };
  const moved = new Map([...spec.tasks].map(([key, task]) => [key, { ...task, queue }]));
  const facts = Object.fromEntries(
    [...tasks].map(([key, { fingerprint, plainArgs, plainResult }]): [string, TaskFacts] => [
      key,
      { fingerprint, plainArgs, plainResult },
    ]),
  );
  return defineContract<Bench>({ "~contract": { ...spec, queue, tasks: moved } }, facts);
}
