import { bench, type Bench } from "@ligature/bench-tasks";
import { defineContract, type TaskFacts } from "ligature/generated";

/** The contract on a queue of its own, so that runs on one broker don't meet. */
export function onQueue(name: string): Bench {
  const { spec, tasks } = bench["~generated"];
  const queue = { ...spec.queue, name };
  const moved = new Map([...spec.tasks].map(([key, task]) => [key, { ...task, queue }]));
  const facts = Object.fromEntries(
    [...tasks].map(([key, { fingerprint, plainArgs, plainResult }]): [string, TaskFacts] => [
      key,
      { fingerprint, plainArgs, plainResult },
    ]),
  );
  return defineContract<Bench>({ "~contract": { ...spec, queue, tasks: moved } }, facts);
}
