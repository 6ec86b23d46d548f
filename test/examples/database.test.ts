import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessedFile } from "@example/processing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase, type Database } from "../../examples/dist/catalog/database.js";
import { Files } from "../../examples/dist/catalog/files.js";
import { Imports } from "../../examples/dist/catalog/imports.js";
import { lockFolder } from "../../examples/dist/catalog/folder-lock.js";
import { migrate } from "../../examples/dist/catalog/migrations.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const processed: ProcessedFile = {
  path: "/disk/a.csv",
  rows: 3_000_000_000,
  bytes: 5_000_000_000_000,
  checksum: "ab12",
  columns: [{ name: 'naïve "quoted" {1,2}', type: "number", empty: 1, min: -0.5, max: 2, mean: 0.1 }],
  finishedAt: new Date("2025-06-01T12:00:00.123Z"),
};

// TEST_DATABASE_URL names an empty database on a PostgreSQL server, for the driver that the example uses with DATABASE_URL.
const server = process.env["TEST_DATABASE_URL"];

const locations = [
  { name: "embedded", location: () => ({ folder: join(folder.path, "catalog") }) },
  ...(server === undefined ? [] : [{ name: "on a server", location: () => ({ url: server }) }]),
];

describe.for(locations)("the table of files, $name", ({ location }) => {
  let database: Database;
  let files: Files;

  beforeAll(async () => {
    database = await openDatabase(location());
    await migrate(database);
    files = new Files(database.query);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.query("delete from files");
    await database.query("delete from imports");
  });

  const add = (request = "r1") => files.add({ request, path: "/disk/a.csv", owner: "ana" });
  const only = async () => {
    const all = await database.query<{ id: number }>("select id from files");
    expect(all).toHaveLength(1);
    return (await files.get(all.map((row) => row.id)))[0];
  };

  test("a request that is delivered twice adds one file", async () => {
    const first = await add();
    await files.markStarted(first.id);
    const second = await add();
    expect(second).toEqual({ ...first, state: "PROCESSING" });
    expect((await add("r2")).id).not.toBe(first.id);
  });

  test("a new file is pending, and knows nothing else", async () => {
    const before = Date.now();
    await add();
    expect(await only()).toEqual({
      id: expect.any(Number) as number,
      request: "r1",
      path: "/disk/a.csv",
      owner: "ana",
      state: "PENDING",
      addedAt: expect.any(Date) as Date,
    });
    expect(Math.abs(((await only())?.addedAt.getTime() ?? 0) - before)).toBeLessThan(60_000);
  });

  test("success keeps everything that processing found, exactly", async () => {
    const { id } = await add();
    await files.setSize(id, processed.bytes);
    await files.markStarted(id);
    const file = await files.succeed(id, processed);
    const { path: _, ...found } = processed;
    expect(file).toEqual({ ...(await only()), ...found, state: "SUCCESS" });
  });

  test("a second success changes nothing", async () => {
    const { id } = await add();
    const first = await files.succeed(id, processed);
    expect(await files.succeed(id, { ...processed, rows: 1, finishedAt: new Date() })).toEqual(first);
  });

  test("a second failure changes nothing", async () => {
    const { id } = await add();
    const first = await files.fail(id, "line 3: expected 2 cells, found 1");
    expect(first).toMatchObject({
      state: "FAILED",
      reason: "line 3: expected 2 cells, found 1",
      finishedAt: expect.any(Date) as Date,
    });
    expect(await files.fail(id, "another reason")).toEqual(first);
  });

  test("what came first stays: success before failure, failure before success", async () => {
    const { id } = await add();
    const success = await files.succeed(id, processed);
    expect(await files.fail(id, "too late")).toEqual(success);

    const other = await add("r2");
    const failure = await files.fail(other.id, "first");
    expect(await files.succeed(other.id, processed)).toEqual(failure);
  });

  test("what is said too late does not take an end back", async () => {
    const { id } = await add();
    const end = await files.succeed(id, processed);
    await files.markStarted(id);
    await files.setSize(id, 1);
    expect(await only()).toEqual(end);
  });

  test("a file that was never added is not invented by its callback", async () => {
    expect(await files.succeed(999_999, processed)).toBeUndefined();
    expect(await files.fail(999_999, "no")).toBeUndefined();
    expect(await files.get([999_999])).toEqual([]);
  });

  test("files come back in the order of their ids", async () => {
    const ids = [(await add("r1")).id, (await add("r2")).id, (await add("r3")).id];
    expect((await files.get([...ids].reverse())).map((file) => file.id)).toEqual(ids);
  });

  test("migrating again, several times at once, changes nothing", async () => {
    const file = await add();
    await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(await only()).toEqual(file);
    expect(await database.query("select version from schema_versions")).toEqual([{ version: 1 }, { version: 2 }]);
  });

  test("a transaction that fails leaves nothing behind", async () => {
    await expect(
      database.transaction(async (query) => {
        await query("insert into files (request, path, owner) values ('t', 'p', 'o')");
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await database.query("select id from files")).toEqual([]);
  });
});

describe.for(locations)("the table of imports, $name", ({ location }) => {
  let database: Database;
  let files: Files;
  let imports: Imports;

  beforeAll(async () => {
    database = await openDatabase(location());
    await migrate(database);
    files = new Files(database.query);
    imports = new Imports(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.query("delete from files");
    await database.query("delete from imports");
  });

  const paths = ["/disk/in/a.csv", '/disk/in/b "{,}".csv', "/disk/in/c.csv"];
  const add = (request = "r1", given: readonly string[] = paths) =>
    imports.add({ request, folder: "/disk/in", owner: "ana", paths: given });
  const results = paths.map((path, index): ProcessedFile => ({ ...processed, path, rows: index + 1, bytes: 10 }));
  const counts = (pending: number, success: number, failed: number) => ({ pending, processing: 0, success, failed });

  test("a request that is delivered twice adds one import, with the files of the first time", async () => {
    const first = await add();
    await imports.markRunning(first.id);
    expect(await add("r1", ["/disk/in/other.csv"])).toEqual({ ...first, state: "RUNNING" });
    expect(await imports.find("r1")).toEqual({ ...first, state: "RUNNING" });
    expect((await imports.filesOf(first.id)).map(({ path }) => path)).toEqual(paths);
    expect(await imports.find("r2")).toBeUndefined();
    expect((await add("r2")).id).not.toBe(first.id);
  });

  test("a new import is pending, and so are its files, in the given order", async () => {
    const { id } = await add();
    expect(await imports.filesOf(id)).toMatchObject(
      paths.map((path) => ({ path, owner: "ana", state: "PENDING", importId: id })),
    );
    expect(await imports.record(id)).toEqual({
      id,
      folder: "/disk/in",
      state: "PENDING",
      files: counts(3, 0, 0),
      rows: 0,
      bytes: 0,
      refused: [],
      addedAt: expect.any(Date) as Date,
    });
  });

  test("an import without files is one, too", async () => {
    const { id } = await add("r1", []);
    await imports.succeed(id, []);
    expect(await imports.record(id)).toMatchObject({ state: "SUCCESS", files: counts(0, 0, 0), rows: 0, bytes: 0 });
  });

  test("a file that can't be added leaves nothing of the import", async () => {
    await files.add({ request: "r1/2", path: "/disk/x.csv", owner: "ben" });
    await expect(add()).rejects.toThrow(/unique/);
    expect(await imports.find("r1")).toBeUndefined();
    expect(await database.query("select request from files")).toEqual([{ request: "r1/2" }]);
  });

  test("sums up what became of its own files", async () => {
    const { id } = await add();
    const other = await add("r2");
    const [a, b] = await imports.filesOf(id);
    const [otherFile] = await imports.filesOf(other.id);
    await files.succeed(a?.id ?? 0, { ...processed, rows: 3_000_000_000, bytes: 5_000_000_000_000 });
    await files.fail(b?.id ?? 0, "line 3: no");
    await files.fail(otherFile?.id ?? 0, "other");
    expect(await imports.record(id)).toMatchObject({
      files: counts(1, 1, 1),
      rows: 3_000_000_000,
      bytes: 5_000_000_000_000,
      refused: [{ fileId: b?.id, path: paths[1], reason: "line 3: no" }],
    });
  });

  test("success takes all its files along, exactly, and none of another import", async () => {
    const { id } = await add();
    const other = await add("r2");
    const [first] = await imports.filesOf(id);
    await files.succeed(first?.id ?? 0, results[0] ?? processed);
    await imports.succeed(id, results);
    for (const [index, file] of (await imports.filesOf(id)).entries()) {
      expect(file).toMatchObject({ ...results[index], state: "SUCCESS" });
    }
    expect(await imports.record(id)).toMatchObject({ state: "SUCCESS", files: counts(0, 3, 0), rows: 6, bytes: 30 });
    expect(await imports.record(other.id)).toMatchObject({ files: counts(3, 0, 0) });
  });

  test("what came first stays, the second time too", async () => {
    const { id } = await add();
    const failed = await imports.fail(id, "a.csv: line 3: no");
    expect(failed).toMatchObject({ state: "FAILED", reason: "a.csv: line 3: no", finishedAt: expect.any(Date) as Date });
    expect(await imports.fail(id, "another")).toEqual(failed);
    expect(await imports.succeed(id, results)).toEqual(failed);
    await imports.markRunning(id);
    expect(await imports.get(id)).toEqual(failed);
    // Each of its files ends on its own.
    expect(await imports.record(id)).toMatchObject({ files: counts(3, 0, 0) });
  });

  test("an import that was never made is not invented by its callback", async () => {
    expect(await imports.succeed(999_999, results)).toBeUndefined();
    expect(await imports.fail(999_999, "no")).toBeUndefined();
    expect(await imports.record(999_999)).toBeUndefined();
  });
});

test("a database of the first version gets what the second one has, and keeps its files", async () => {
  const database = await openDatabase({ folder: join(folder.path, "first-version") });
  try {
    await migrate(database, 1);
    const columns = "select column_name from information_schema.columns where table_name = 'files' and column_name = 'import_id'";
    expect(await database.query(columns)).toEqual([]);
    await database.query("insert into files (request, path, owner) values ('r1', '/disk/a.csv', 'ana')");
    await migrate(database);
    const [file] = await database.query<{ id: number }>("select id from files");
    expect(await new Files(database.query).get([file?.id ?? 0])).toMatchObject([{ path: "/disk/a.csv", state: "PENDING" }]);
    expect(await new Imports(database).find("r1")).toBeUndefined();
  } finally {
    await database.close();
  }
});

describe("the folder of an embedded database", () => {
  test("keeps its rows, and serves one process at a time", async () => {
    const location = { folder: join(folder.path, "kept") };
    const first = await openDatabase(location);
    await migrate(first);
    await new Files(first.query).add({ request: "r1", path: "/disk/a.csv", owner: "ana" });
    await expect(openDatabase(location)).rejects.toThrow(`is in use by process ${process.pid}. Stop it, or use another folder.`);
    await first.close();

    const second = await openDatabase(location);
    expect(await second.query("select path from files")).toEqual([{ path: "/disk/a.csv" }]);
    await second.close();
  });

  test("is free again when the process that had it is gone without a word", async () => {
    const path = join(folder.path, "abandoned");
    // No process has this id: it is above the largest that Linux and macOS give.
    await writeFile(`${path}.lock`, "99999999");
    const unlock = await lockFolder(path);
    await expect(lockFolder(path)).rejects.toThrow("is in use by process");
    await unlock();
    await (
      await lockFolder(path)
    )();
  });
});

test("a server that can't be reached is named, without the password", async () => {
  await expect(openDatabase({ url: "postgres://ana:secret@127.0.0.1:1/catalog" })).rejects.toThrow(
    "No PostgreSQL can be used at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1",
  );
});
