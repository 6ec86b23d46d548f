import type { Side } from "./side.ts";

/** One measurement of one side. */
export interface Sample {
  /** In the workload's unit. */
  readonly value: number;
  /** Microseconds of processor time per task, of the process that sends. */
  readonly clientCpu?: number | undefined;
  /** The same of the process that runs the tasks. */
  readonly workerCpu?: number | undefined;
}

/** One side of a workload, made ready; measured any number of times. */
export interface Session {
  sample(options: { readonly warmUp: boolean }): Promise<Sample>;
  close(): Promise<void>;
}

export interface Environment {
  /** The broker's. */
  readonly url: string;
  /** Node's options for a process, such as --cpu-prof. */
  readonly nodeOptions: (side: Side, program: string) => readonly string[];
  /** Names a queue that nobody else uses; it is deleted in the end. */
  readonly newQueue: (name: string) => string;
  /** Removes what waits in a queue. */
  readonly purge: (queue: string) => Promise<void>;
}

export interface Workload {
  /** On the command line. */
  readonly name: string;
  /** In the table. */
  readonly title: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  open(side: Side, environment: Environment): Promise<Session>;
}
