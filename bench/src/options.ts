import { parseArgs } from "node:util";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads/index.ts";

export const usage: string = `Usage: npm run bench -- [workload…] [options]

Measures Ligature against hand-written amqplib code, in turns, and prints a table.

Workloads: ${workloads.map(({ name }) => name).join(", ")}. Default: all of them.

  --rounds N         how often each side is measured; default 7
  --json             print everything that was measured as JSON
  --cpu-prof FOLDER  write a CPU profile of each process there, and print where its time went
  --help             print this`;

export interface Options {
  readonly chosen: readonly Workload[];
  readonly rounds: number;
  readonly json: boolean;
  readonly profiles: string | undefined;
  readonly help: boolean;
}

/** @throws Error that says what is wrong with the arguments */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "7" },
      json: { type: "boolean", default: false },
      "cpu-prof": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number of at least 1, not ${values.rounds}.`);
  for (const name of positionals) {
    if (!workloads.some((workload) => workload.name === name)) throw new Error(`There is no workload "${name}".`);
  }
  const chosen = positionals.length === 0 ? workloads : workloads.filter(({ name }) => positionals.includes(name));
  return { chosen, rounds, json: values.json, profiles: values["cpu-prof"], help: values.help };
}
