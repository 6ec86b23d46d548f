import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { createApp, silentLogger, type App } from "ligature";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../examples/dist/catalog/database.js";
import { startEmbedded } from "../../examples/dist/run/embedded.js";
import { writeImportFolder } from "../../examples/dist/run/sample-folder.js";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { ExampleData } from "../support/example-data.ts";
import { deleteExampleQueues, ExampleProcess } from "../support/example-process.ts";
import { exampleTurn } from "../support/example-turn.ts";
import { patience } from "../support/patience.ts";
import { rawRedis } from "../support/raw-redis.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What is in the catalog and was told after a run; times and ids left out. */
interface Outcome {
  readonly imports: readonly object[];
  readonly files: readonly { readonly name: string; readonly state: string; readonly reason: string | null }[];
  readonly notices: readonly string[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: ExampleData;
let endTurn: () => Promise<void>;

beforeAll(async () => {
  endTurn = await exampleTurn(amqpUrl());
  folder = await temporaryFolder();
  await writeImportFolder(join(folder.path, "mixed"), { files: 200, brokenEvery: 17 });
  await writeImportFolder(join(folder.path, "good"), { files: 40 });
  await writeImportFolder(join(folder.path, "one"), { files: 1 });
  await mkdir(join(folder.path, "none"));
  data = await ExampleData.in(folder.path);
}, 300_000);
afterAll(async () => {
  await folder.remove();
  await endTurn();
});

async function outcomeIn(place: string): Promise<Outcome> {
  const database = await openDatabase({ folder: join(folder.path, place, "catalog") });
  try {
    const name = (path: string): string => `regexp_replace(${path}, '.*[\\\\/]', '')`;
    const lines = (await readFile(join(folder.path, place, "notices.jsonl"), "utf8")).trimEnd().split("\n");
    return {
      imports: await database.query(
        `select ${name("folder")} as name, state, reason, finished_at >= added_at as finished from imports order by 1`,
      ),
      files: await database.query(
        `select ${name("imports.folder")} || '/' || ${name("path")} as name, files.state, files.rows::integer as rows,
                bytes::integer as bytes, checksum, columns, files.reason, files.finished_at >= files.added_at as finished
         from files join imports on imports.id = files.import_id order by 1`,
      ),
      notices: lines.map((line) => (JSON.parse(line) as { text: string }).text).sort(),
    };
  } finally {
    await database.close();
  }
}

/** Which of the broken files comes first is left to chance; it must be one of them, with its own reason. */
function anyRefusal({ files }: Outcome): RegExp {
  const reasons = files.flatMap(({ name, reason }) => (reason === null ? [] : [`${name.split("/")[1]}: ${reason}`]));
  return new RegExp(`^(?:${reasons.map((reason) => reason.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})$`);
}

const combinations = [
  { name: "memory", args: () => [] },
  { name: "RabbitMQ", args: () => ["--broker", amqpUrl()] },
  { name: "RabbitMQ and Redis", args: () => ["--broker", amqpUrl(), "--backend", prefixedRedis()] },
];
/** What all keys of these tests begin with. */
const prefix = `example-import-${process.pid}:`;

function prefixedRedis(): string {
  return `${redisUrl()}?prefix=${encodeURIComponent(prefix)}`;
}

const outcomes = new Map<string, Outcome>();

describe.for(combinations)("a folder of 200 files, some broken, and one of good files: $name", ({ name, args }) => {
  const place = name.replaceAll(" ", "-");
  let system: ExampleProcess;

  beforeAll(async () => {
    await deleteExampleQueues(amqpUrl());
    system = new ExampleProcess([...args(), "--import", "mixed", "--import", "good", "--data", await data.folder(place)], {
      INIT_CWD: folder.path,
    });
    const late = setTimeout(() => void system.end("SIGKILL"), 2 * patience);
    await system.exited;
    clearTimeout(late);
  });
  afterAll(() => deleteExampleQueues(amqpUrl()));

  test("ends with 0 when every file has its answer", async () => {
    expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
    expect(system.output).toMatch(/^240 files, .*: 229 accepted, 11 refused\./m);
  });

  test("says what became of each folder, and which files were refused", () => {
    for (const line of [
      /^ {2}✘ mixed +200 files · 11 refused · /m,
      /^ {2}✔ good +40 files · [\d,]+ rows · /m,
      /^│ mixed +│ FAILED +│ +200 │ +189 │ +11 │/m,
      /^│ good +│ SUCCESS +│ +40 │ +40 │ +0 │/m,
      /^│ mixed\/day-017\.csv +│ line 1: the file is empty +│$/m,
    ]) {
      expect(system.output).toMatch(line);
    }
    expect(system.output.match(/^ {2}✘ mixed\/day-\d{3}\.csv {2}line \d+: /gm), system.output).toHaveLength(11);
  });

  test("each file has its own end; an import is a success only if all of its files are", async () => {
    const outcome = await outcomeIn(place);
    expect(outcome.files).toHaveLength(240);
    expect(outcome.files.filter(({ state }) => state === "FAILED")).toHaveLength(11);
    expect(outcome.files.filter(({ state }) => state === "SUCCESS")).toHaveLength(229);
    expect(outcome.imports).toEqual([
      { name: "good", state: "SUCCESS", reason: null, finished: true },
      { name: "mixed", state: "FAILED", reason: expect.stringMatching(anyRefusal(outcome)) as string, finished: true },
    ]);
    outcomes.set(name, outcome);
  });

  test("the owner is told once of each import, and of none of the files", () => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) throw new Error("this run has no outcome");
    const refusal = anyRefusal(outcome).source.slice(1, -1);
    expect(outcome.notices).toEqual([
      expect.stringMatching(/^good is in the catalog: 40 files, [\d,]+ rows$/),
      expect.stringMatching(new RegExp(`^mixed could not be imported: ${refusal}$`)),
    ]);
  });
});

test("the outcome is the same everywhere", () => {
  const [first, ...others] = combinations.map(({ name }) => {
    const outcome = outcomes.get(name);
    return outcome && { files: outcome.files, good: outcome.notices[0] };
  });
  expect(first?.files).toHaveLength(240);
  expect(others).toHaveLength(2);
  for (const other of others) expect(other).toEqual(first);
});

test("with Redis, results were there", async () => {
  await using redis = rawRedis(redisUrl());
  const keys = await redis.run((client) => client.keys(`${prefix}*`));
  expect(keys.filter((key) => key.includes("celery-task-meta-")).length).toBeGreaterThanOrEqual(240);
  await redis.run((client) => client.del(...keys));
});

describe("the catalog, asked by others than the terminal", () => {
  let services: { close(): Promise<void> };
  let app: App;
  const broker = "memory://example-import";

  beforeAll(async () => {
    const settings = { broker, backend: undefined, databaseUrl: undefined, bytesPerSecond: undefined };
    services = await startEmbedded({ ...settings, data: await data.folder("asked") }, () => silentLogger);
    app = createApp({ name: "test", broker, log: silentLogger });
  });
  afterAll(async () => {
    await app.close();
    await services.close();
  });

  const imported = async (name: string) => {
    const batchId = await app.remote(catalog).importFolder(join(folder.path, name), "ana");
    const isFinished = async () => (await app.remote(catalog).getImport(batchId)).finishedAt !== undefined;
    await expect.poll(isFinished, { timeout: patience }).toBe(true);
    return app.remote(catalog).getImport(batchId);
  };
  const noticesOf = async (name: string): Promise<string[]> => {
    const notices = await app.remote(notifications).listNotices("ana");
    return notices.map(({ text }) => text).filter((text) => text.startsWith(`${name} `));
  };

  test("a folder without files is an import of nothing: a success", async () => {
    expect(await imported("none")).toMatchObject({
      folder: join(folder.path, "none"),
      state: "SUCCESS",
      files: { pending: 0, processing: 0, success: 0, failed: 0 },
      rows: 0,
      bytes: 0,
      refused: [],
    });
    await expect.poll(() => noticesOf("none")).toEqual(["none is in the catalog: 0 files, 0 rows"]);
  });

  test("a folder of one file", async () => {
    const files = { pending: 0, processing: 0, success: 1, failed: 0 };
    expect(await imported("one")).toMatchObject({ state: "SUCCESS", files, rows: 27 });
    await expect.poll(() => noticesOf("one")).toEqual(["one is in the catalog: 1 file, 27 rows"]);
  });

  test("a success means that all its files are, and a folder may be imported again", async () => {
    const [first, second] = [await imported("good"), await imported("good")];
    expect(second.id).not.toBe(first.id);
    const files = { pending: 0, processing: 0, success: 40, failed: 0 };
    for (const record of [first, second]) expect(record).toMatchObject({ state: "SUCCESS", files, rows: first.rows });
    await expect.poll(() => noticesOf("good")).toHaveLength(2);
  });

  test("what is no folder is refused, and so is an import that never was", async () => {
    const remote = app.remote(catalog);
    const missing = join(folder.path, "missing");
    const refused = remote.importFolder(missing, "ana");
    await expect(refused).rejects.toBeInstanceOf(catalog.errors.FolderRefused);
    await expect(refused).rejects.toMatchObject({ data: { folder: missing, reason: "no such folder" } });
    const unknown = remote.getImport(999);
    await expect(unknown).rejects.toBeInstanceOf(catalog.errors.UnknownImport);
    await expect(unknown).rejects.toMatchObject({ data: { batchId: 999 } });
  });
});
