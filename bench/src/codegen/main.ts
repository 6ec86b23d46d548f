/** How long `ligature gen` takes for 1,000 tasks in 50 contracts, as a process of its own. `scripts/bench-codegen.mjs` starts it. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadavg } from "node:os";
import { formatColumns } from "../columns.ts";
import { median } from "../statistics.ts";
import { scratch, sizeOf, writeContracts } from "../types/index.ts";

const cli = join(dirname(createRequire(import.meta.url).resolve("ligature/package.json")), "dist", "cli", "main.js");

/** Runs in the measured process: says at its end how much memory it took. */
const account = `process.on("exit", () => {
  process.stderr.write("account " + JSON.stringify({ memory: process.resourceUsage().maxRSS }) + "\\n");
});`;

interface Run {
  /** Milliseconds, the start of Node included. */
  readonly time: number;
  /** Peak of resident memory, in KiB. */
  readonly memory: number;
  readonly output: string;
}

function generate(cwd: string): Promise<Run> {
  const started = performance.now();
  const imported = `data:text/javascript,${encodeURIComponent(account)}`;
  const child = spawn(process.execPath, ["--import", imported, cli, "gen"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      const time = performance.now() - started;
      if (code !== 0) return reject(new Error(`ligature gen ended with ${code}:\n${output}`));
      const { memory } = JSON.parse(/^account (.*)$/m.exec(output)?.[1] ?? "{}") as { readonly memory: number };
      resolve({ time, memory, output });
    });
  });
}

/** How many packages a run wrote. */
function written({ output }: Run): number {
  return output.split("\n").filter((line) => / {2}wrote /.test(line)).length;
}

using folder = scratch();
const size = sizeOf(1000);
let changes = 0;
writeContracts(folder, size);
console.error(`1,000 tasks in ${size.contracts.length} contracts … (load ${(loadavg()[0] ?? 0).toFixed(1)})`);

const runs = new Map<string, readonly Run[]>();
runs.set("cold", [await generate(folder.dir)]);
runs.set("unchanged", await repeated(5));
runs.set("one contract changed", await repeated(3, changeOne));
brandAll();
runs.set("all changed, a brand in each", [await generate(folder.dir)]);

const rows = [["1,000 tasks, 50 contracts", "packages written", "seconds", "peak MB"]];
for (const [name, each] of runs) {
  rows.push([
    name,
    String(written(each[0] as Run)),
    (median(each.map(({ time }) => time)) / 1000).toFixed(2),
    (median(each.map(({ memory }) => memory)) / 1024).toFixed(0),
  ]);
}
console.log(`\n${formatColumns(rows)}\n\nEach run is a process, from its start to its end; medians.`);

async function repeated(times: number, before: () => void = () => {}): Promise<readonly Run[]> {
  const all: Run[] = [];
  for (let time = 0; time < times; time++) {
    before();
    all.push(await generate(folder.dir));
  }
  return all;
}

/** Puts into every contract what only the compiler knows, so that it is asked for all of them. */
function brandAll(): void {
  for (const name of size.contracts) {
    const path = `contracts/${name}/src/contract.ts`;
    const text = readFileSync(join(folder.dir, path), "utf8");
    folder.write({ [path]: text.replace("id: z.string()", 'id: z.string().brand("Id")') });
  }
}

/** Gives one task's result one more member, another each time. */
function changeOne(): void {
  const path = "contracts/m7/src/contract.ts";
  const text = readFileSync(join(folder.dir, path), "utf8");
  folder.write({ [path]: text.replace("size: z.number()", `size: z.number(), also${++changes}: z.string()`) });
}
