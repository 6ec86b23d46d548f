/** Runs the benchmarks against the RabbitMQ of AMQP_URL. Arguments: see options.ts; `scripts/bench.mjs` starts it. */
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { compare, type Comparison } from "./compare.ts";
import { openEnvironment } from "./environment.ts";
import { parseOptions, usage, type Options } from "./options.ts";
import { formatProfiles, profiling } from "./profiles.ts";
import type { Side } from "./side.ts";
import { formatTable } from "./table.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const url = process.env["AMQP_URL"];
  if (url === undefined || url === "") throw new Error("AMQP_URL is not set; scripts/bench.mjs sets it.");
  await run(url, options);
  return 0;
}

async function run(url: string, { chosen, rounds, json, profiles }: Options): Promise<void> {
  const folder = profiles === undefined ? undefined : resolve(profiles);
  const comparisons: Comparison[] = [];
  await using environment = await openEnvironment(url);
  for (const workload of chosen) {
    // Progress goes to standard error, so that standard output is the table, or the JSON, alone.
    console.error(`${workload.name}: ${rounds} rounds … (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
    const nodeOptions = (side: Side, program: string): readonly string[] =>
      folder === undefined ? [] : profiling(folder, `${workload.name}-${side}-${program}`);
    comparisons.push(await compare(workload, rounds, { ...environment, nodeOptions }));
  }
  console.log(json ? JSON.stringify(comparisons, undefined, 2) : `\n${formatTable(comparisons)}`);
  if (folder !== undefined) console.error(`\n${formatProfiles(folder)}`);
}
