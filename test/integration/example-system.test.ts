import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../examples/dist/catalog/database.js";
import { writeMeasurements } from "../../examples/dist/run/samples.js";
import { amqpUrl } from "../support/brokers.ts";
import { ExampleData } from "../support/example-data.ts";
import { deleteExampleQueues, ExampleProcess } from "../support/example-process.ts";
import { exampleTurn } from "../support/example-turn.ts";
import { patience } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const samples = fileURLToPath(new URL("../../examples/samples/", import.meta.url));
const names = ["orders.csv", "broken-line.csv", "empty.csv", "latin-1.csv"] as const;
const large = "measurements.csv";

/** As a user would who is in the folder. */
async function start(name: string, ...args: readonly string[]): Promise<ExampleProcess> {
  return new ExampleProcess([...args, "--data", await data.folder(name)], { INIT_CWD: folder.path });
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: ExampleData;
let endTurn: () => Promise<void>;
beforeAll(async () => {
  endTurn = await exampleTurn(amqpUrl());
  folder = await temporaryFolder();
  await Promise.all(names.map((name) => copyFile(join(samples, name), join(folder.path, name))));
  await writeMeasurements(join(folder.path, large), 30_000);
  data = await ExampleData.in(folder.path);
}, 300_000);
afterAll(async () => {
  await folder.remove();
  await endTurn();
});

describe.for([
  { name: "in one process", args: () => [] },
  { name: "in three processes that meet at RabbitMQ", args: () => ["--broker", amqpUrl()] },
])("the example system, $name", ({ name, args }) => {
  const place = name.replaceAll(" ", "-");
  let system: ExampleProcess;

  beforeAll(async () => {
    await deleteExampleQueues(amqpUrl());
    system = await start(place, ...args(), ...names, large);
    await system.exited;
  });
  afterAll(() => deleteExampleQueues(amqpUrl()));

  test("ends with 0 when every file has its answer", async () => {
    expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
    expect(system.output).toMatch(/^5 files, .*: 2 accepted, 3 refused\./m);
  });

  test("shows a table of what became of them", () => {
    for (const row of [
      /│ orders\.csv +│ SUCCESS +│ +240 +│ 13\.9 kB +│ 44cf1281 │ order +integer +1,000 to 1,239/,
      /│ broken-line\.csv +│ FAILED +│ +│ +51\.3 kB +│ +│ line 1174: expected 4 cells, found 3 +│/,
      /│ empty\.csv +│ FAILED +│ +│ +│ +│ line 1: the file is empty +│/,
      /│ latin-1\.csv +│ FAILED +│ +│ +101 B +│ +│ line 3: not valid UTF-8/,
      /│ measurements\.csv +│ SUCCESS +│ +30,000 +│/,
    ]) {
      expect(system.output).toMatch(row);
    }
  });

  test("leaves the rows in the catalog's database", async () => {
    const database = await openDatabase({ folder: join(folder.path, place, "catalog") });
    try {
      const rows = await database.query<{ name: string }>(
        `select regexp_replace(path, '.*[\\\\/]', '') as name, state, rows::integer as rows, reason, left(checksum, 8) as checksum,
                jsonb_array_length(columns) as columns, finished_at >= added_at as finished
         from files order by 1`,
      );
      const failed = { state: "FAILED", rows: null, checksum: null, columns: null, finished: true };
      const succeeded = { state: "SUCCESS", reason: null, finished: true };
      expect(rows).toEqual([
        { name: "broken-line.csv", ...failed, reason: "line 1174: expected 4 cells, found 3" },
        { name: "empty.csv", ...failed, reason: "line 1: the file is empty" },
        { name: "latin-1.csv", ...failed, reason: "line 3: not valid UTF-8; save the file as UTF-8" },
        { name: "measurements.csv", ...succeeded, rows: 30_000, checksum: "7025c2de", columns: 7 },
        { name: "orders.csv", ...succeeded, rows: 240, checksum: "44cf1281", columns: 8 },
      ]);
    } finally {
      await database.close();
    }
  });

  test("has told the owner about each file, once", async () => {
    const lines = (await readFile(join(folder.path, place, "notices.jsonl"), "utf8")).trimEnd().split("\n");
    const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
    expect(texts.sort()).toEqual([
      "broken-line.csv was refused: line 1174: expected 4 cells, found 3",
      "empty.csv was refused: line 1: the file is empty",
      "latin-1.csv was refused: line 3: not valid UTF-8; save the file as UTF-8",
      "measurements.csv is in the catalog: 30,000 rows",
      "orders.csv is in the catalog: 240 rows",
    ]);
    for (const text of texts) expect(system.output).toContain(`│ ${text}`);
  });
});

describe("the three processes", () => {
  test("say which of them speaks", async () => {
    await deleteExampleQueues(amqpUrl());
    const system = await start("prefixes", "--broker", amqpUrl(), "orders.csv");
    expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
    for (const line of [
      /^catalog +│ process \d+$/m,
      /^processing +│ file processed +rows=240/m,
      /^notifications │ orders\.csv is in the catalog: 240 rows/m,
    ]) {
      expect(system.output).toMatch(line);
    }
    // Not on a terminal: no colours, no cursor movements.
    expect(system.output).not.toContain("\u001b");
  });

  test("can be started by hand, and be sent files", async () => {
    await deleteExampleQueues(amqpUrl());
    const services = await Promise.all(
      ["catalog", "processing", "notifications"].map((name) => start("by-hand", "service", name, "--broker", amqpUrl())),
    );
    await Promise.all(services.map((service) => service.ready()));

    const sender = await start("by-hand", "send", "--broker", amqpUrl(), "orders.csv", "empty.csv");
    expect(await sender.exited, sender.output).toEqual({ code: 0, signal: null });
    expect(sender.output).toMatch(/^2 files, .*: 1 accepted, 1 refused\. [\d.]+ s\.$/m);

    for (const service of services) {
      expect(await service.end("SIGTERM"), service.output).toEqual({ code: 0, signal: null });
      expect(service.output).toMatch(/^worker has stopped/m);
    }
  });

  test("end with their parent, even when that is killed", async () => {
    await deleteExampleQueues(amqpUrl());
    const system = await start("orphans", "--broker", amqpUrl(), "--read-rate", "0.2", large);
    const pids = await Promise.all(
      ["catalog", "processing", "notifications"].map(async (name) =>
        Number((await system.line(new RegExp(`^${name} +│ process (\\d+)`)))[1]),
      ),
    );
    await system.line(/measurements\.csv: 25 %/);
    expect(pids.filter(isRunning)).toEqual(pids);
    await system.end("SIGKILL");
    await expect.poll(() => pids.filter(isRunning), { timeout: patience }).toEqual([]);
  });

  test("end in order when they are interrupted, and go on with the file the next time", async () => {
    await deleteExampleQueues(amqpUrl());
    // Slower than a service waits for its handlers when it stops.
    const first = await start("interrupted", "--broker", amqpUrl(), "--read-rate", "0.2", large);
    await first.line(/measurements\.csv: 25 %/);
    expect(await first.end("SIGINT"), first.output).toEqual({ code: 130, signal: null });
    expect(first.output).toMatch(/│ measurements\.csv +│ PROCESSING +│ +│ +1\.8 MB +│ +│ not finished: interrupted/);
    expect(first.output.match(/worker has stopped/g), first.output).toHaveLength(3);

    const second = await start("interrupted", "--broker", amqpUrl(), "--read-rate", "1", large);
    expect(await second.exited, second.output).toEqual({ code: 0, signal: null });
    // The first run's file was processed before the second's, and both owners have been told.
    expect(
      second.output.match(/^notifications │ measurements\.csv is in the catalog: 30,000 rows/gm),
      second.output,
    ).toHaveLength(2);
  });

  test("are given up, in one line, when no broker answers", async () => {
    const system = await start("unreachable", "--broker", "amqp://ana:secret@127.0.0.1:1", large);
    expect(await system.exited, system.output).toEqual({ code: 1, signal: null });
    expect(system.output).toMatch(/^RabbitMQ at amqp:\/\/127\.0\.0\.1:1 could not be used within 30 s; no service is ready\.$/m);
    expect(system.output).not.toContain("secret");
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
