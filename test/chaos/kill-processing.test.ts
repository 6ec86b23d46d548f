import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalog, type FileRecord } from "@example/catalog";
import { notifications, type SentNotice } from "@example/notifications";
import { connect } from "amqplib";
import { createApp, silentLogger, type App } from "ligature";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeImportFolder } from "../../examples/dist/run/sample-folder.js";
import { writeMeasurements } from "../../examples/dist/run/samples.js";
import { amqpUrl } from "../support/brokers.ts";
import { ExampleData } from "../support/example-data.ts";
import { deleteExampleQueues, ExampleProcess } from "../support/example-process.ts";
import { patience } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const rows = 60_000;
const bytes = 3_534_053;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: ExampleData;
let large: string;
/** Processes of a test, to be ended whatever becomes of it. */
let started: ExampleProcess[] = [];
let app: App;

beforeAll(async () => {
  folder = await temporaryFolder();
  large = join(folder.path, "measurements.csv");
  await writeMeasurements(large, rows);
  data = await ExampleData.in(folder.path);
});
afterAll(() => folder.remove());

beforeEach(async () => {
  await deleteExampleQueues(amqpUrl());
  app = createApp({ name: "test", broker: amqpUrl(), log: silentLogger });
});
afterEach(async () => {
  await app.close();
  await Promise.all(started.map((service) => service.end("SIGKILL")));
  started = [];
  await deleteExampleQueues(amqpUrl());
});

/** As by hand: `service <name> --broker …`. Resolves when it takes requests. */
async function startService(name: string, ...options: readonly string[]): Promise<ExampleProcess> {
  const service = new ExampleProcess([
    "service",
    name,
    "--broker",
    amqpUrl(),
    "--data",
    await data.folder("services"),
    ...options,
  ]);
  started.push(service);
  await service.ready();
  return service;
}

async function fileOf(id: number): Promise<FileRecord | undefined> {
  return (await app.remote(catalog).getFiles([id]))[0];
}

/** Notices to one owner; each test has its own. */
function noticesTo(owner: string): Promise<SentNotice[]> {
  return app.remote(notifications).listNotices(owner);
}

/** How many messages wait in a queue, taken by nobody. */
async function waitingIn(queue: string): Promise<number> {
  const connection = await connect(amqpUrl());
  try {
    const channel = await connection.createChannel();
    return (await channel.checkQueue(queue)).messageCount;
  } finally {
    await connection.close();
  }
}

const success = { state: "SUCCESS", rows, bytes, reason: undefined };

describe("a service that is killed in the middle of a file", () => {
  test("processing: the file is processed by the next one, the callback arrives, nothing is lost", async () => {
    const [, , processing] = await Promise.all([
      startService("catalog"),
      startService("notifications"),
      startService("processing", "--read-rate", "0.5"),
    ]);
    const id = await app.remote(catalog).addFile(large, "ana");
    await expect
      .poll(() => fileOf(id), { timeout: patience })
      .toMatchObject({ state: "PROCESSING", progress: { totalBytes: bytes } });

    expect(await processing.end("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    // The request returns to its queue once the broker has noticed that its worker is gone.
    await expect.poll(() => waitingIn("processing"), { timeout: patience }).toBe(1);
    expect(await fileOf(id)).toMatchObject({ state: "PROCESSING" });

    await startService("processing");
    await expect.poll(() => fileOf(id), { timeout: patience }).toMatchObject(success);
    await expect.poll(() => noticesTo("ana")).toMatchObject([{ text: "measurements.csv is in the catalog: 60,000 rows" }]);
    for (const queue of ["processing", "processing.dead", "catalog", "catalog.dead"])
      expect(await waitingIn(queue), queue).toBe(0);
  });

  test.for(["catalog", "processing", "notifications"])(
    "%s, under the runner: it starts it again, and the run ends well",
    async (name) => {
      const place = await data.folder(`runner-${name}`);
      const system = new ExampleProcess(["--broker", amqpUrl(), "--data", place, "--read-rate", "1", large]);
      started.push(system);
      const [, pid] = await system.line(new RegExp(`^${name} +│ process (\\d+)`));
      await system.line(/measurements\.csv: 25 %/);
      process.kill(Number(pid), "SIGKILL");
      await system.line(new RegExp(`^${name} +│ ended by SIGKILL; starting it again`));

      expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
      expect(system.output).toMatch(/│ .*measurements\.csv +│ SUCCESS +│ +60,000 +│/);
      const lines = (await readFile(join(place, "notices.jsonl"), "utf8")).trimEnd().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as SentNotice).text)).toEqual([
        "measurements.csv is in the catalog: 60,000 rows",
      ]);
    },
  );
});

describe("a service that is killed in the middle of a folder, under the runner", () => {
  test.for(["catalog", "processing"])("%s: the chord's body runs, with all files", async (name) => {
    const files = 80;
    const good = join(folder.path, `import-${name}`);
    await writeImportFolder(good, { files });
    const place = await data.folder(`importing-${name}`);
    // 3 kB each, sixteen at a time: some seconds for all.
    const system = new ExampleProcess(["--broker", amqpUrl(), "--data", place, "--read-rate", "0.002", "--import", good]);
    started.push(system);
    const [, pid] = await system.line(new RegExp(`^${name} +│ process (\\d+)`));
    await system.line(/import-.*: 25 %, \d+ of 80 files/);
    process.kill(Number(pid), "SIGKILL");
    await system.line(new RegExp(`^${name} +│ ended by SIGKILL; starting it again`));

    expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
    expect(system.output).toMatch(/^│ import-\w+ +│ SUCCESS +│ +80 │ +80 │ +0 │/m);
    const lines = (await readFile(join(place, "notices.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as SentNotice).text)).toEqual([
      expect.stringMatching(/^import-\w+ is in the catalog: 80 files, [\d,]+ rows$/),
    ]);
  });
});

describe("a callback to a service that isn't running", () => {
  test("waits for it", async () => {
    const [first] = await Promise.all([startService("catalog"), startService("notifications")]);
    // Nobody looks at the file now; what the catalog sends waits in processing's queue.
    const id = await app.remote(catalog).addFile(large, "ben");
    expect(await fileOf(id)).toMatchObject({ state: "PENDING" });
    expect(await first.end("SIGTERM"), first.output).toEqual({ code: 0, signal: null });

    await startService("processing");
    await expect.poll(() => waitingIn("catalog"), { timeout: patience }).toBe(1);
    expect(await noticesTo("ben")).toEqual([]);

    await startService("catalog");
    await expect.poll(() => fileOf(id), { timeout: patience }).toMatchObject(success);
    await expect.poll(() => noticesTo("ben")).toMatchObject([{ text: "measurements.csv is in the catalog: 60,000 rows" }]);
  });

  test("and so does one that tells of a failure", async () => {
    const broken = join(folder.path, "broken.csv");
    await writeFile(broken, "a,b\n1,2\n3\n");
    const [first] = await Promise.all([startService("catalog"), startService("notifications")]);
    const id = await app.remote(catalog).addFile(broken, "eva");
    await first.end("SIGTERM");

    await startService("processing");
    await expect.poll(() => waitingIn("catalog"), { timeout: patience }).toBe(1);

    await startService("catalog");
    const reason = "line 3: expected 2 cells, found 1";
    await expect.poll(() => fileOf(id), { timeout: patience }).toMatchObject({ state: "FAILED", reason });
    await expect.poll(() => noticesTo("eva")).toMatchObject([{ text: `broken.csv was refused: ${reason}` }]);
  });
});
