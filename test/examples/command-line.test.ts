import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCommandLine, UsageError } from "../../examples/dist/run/arguments.js";
import { findFiles } from "../../examples/dist/run/input-files.js";
import { findFolders } from "../../examples/dist/run/input-folders.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.csv"), "a,b\n1,2\n");
  await mkdir(join(folder.path, "folder.csv"));
});
afterAll(() => folder.remove());

const main = fileURLToPath(new URL("../../examples/dist/main.js", import.meta.url));

function start(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { env: { ...process.env, ...environment } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("what is understood", () => {
  test("nothing at all: the samples, in one process", () => {
    expect(parseCommandLine([], {})).toEqual({
      kind: "run",
      services: "embedded",
      files: [],
      imports: [],
      importSample: false,
      verbose: false,
      settings: {
        broker: "memory://",
        backend: undefined,
        data: expect.stringMatching(/examples[\\/]data$/) as string,
        databaseUrl: undefined,
        bytesPerSecond: undefined,
      },
    });
  });

  test("everything", () => {
    const args = ["--broker", "amqp://localhost", "--backend", "redis://localhost/3", "--data", "d", "--read-rate", "0.5"];
    args.push("--import", "x", "--import", "y/z", "--import-sample", "--verbose", "a.csv", "b.csv");
    expect(parseCommandLine(args, { INIT_CWD: "/home/ana", DATABASE_URL: "postgres://localhost/catalog" })).toEqual({
      kind: "run",
      services: "processes",
      files: ["a.csv", "b.csv"],
      imports: ["x", "y/z"],
      importSample: true,
      verbose: true,
      settings: {
        broker: "amqp://localhost",
        backend: "redis://localhost/3",
        data: "/home/ana/d",
        databaseUrl: "postgres://localhost/catalog",
        bytesPerSecond: 500_000,
      },
    });
  });

  test("one service", () => {
    expect(parseCommandLine(["service", "processing", "--broker", "amqps://rabbit:5671/v"], {})).toMatchObject({
      kind: "service",
      name: "processing",
      settings: { broker: "amqps://rabbit:5671/v" },
      quiet: false,
    });
    expect(parseCommandLine(["service", "catalog", "--broker", "amqp://localhost", "--quiet"], {})).toMatchObject({
      quiet: true,
    });
  });

  test("files for services that are running already", () => {
    expect(parseCommandLine(["send", "--broker", "amqp://localhost", "a.csv"], {})).toMatchObject({
      kind: "run",
      services: "running",
      files: ["a.csv"],
    });
  });

  test.for(["redis://localhost", "rediss://:secret@redis:6380/1", "redis-cluster://a:1,b:2", "rediss-cluster://a"])(
    "results in %s",
    (backend) => {
      expect(parseCommandLine(["--backend", backend], {})).toMatchObject({ services: "embedded", settings: { backend } });
    },
  );

  test("folders for services that are running already", () => {
    expect(parseCommandLine(["send", "--broker", "amqp://localhost", "--import", "x"], {})).toMatchObject({
      services: "running",
      files: [],
      imports: ["x"],
    });
  });
});

describe("what is refused, in one line", () => {
  test.for([
    [["--nope"], "Unknown option '--nope'. --help lists the options."],
    [["--broker"], "Option '--broker <value>' argument missing. --help lists the options."],
    [["--broker", "redis://localhost"], "--broker must be the URL of a RabbitMQ, such as amqp://localhost."],
    [["--broker", "localhost"], "--broker must be the URL of a RabbitMQ, such as amqp://localhost."],
    [["--backend", "amqp://localhost"], "--backend must be the URL of a Redis, such as redis://localhost."],
    [["--backend", "localhost"], "--backend must be the URL of a Redis, such as redis://localhost."],
    [["--import"], "Option '--import <value>' argument missing. --help lists the options."],
    [["--import", ""], "--import needs the name of a folder."],
    [["--import-sample=x"], "Option '--import-sample' does not take an argument. --help lists the options."],
    [
      ["service", "catalog", "--broker", "amqp://localhost", "--import", "x"],
      "service imports nothing by itself; use send --import.",
    ],
    [["--read-rate", "fast"], '--read-rate must be a number of megabytes per second, such as 2 or 0.5, not "fast".'],
    [["--read-rate", "0"], '--read-rate must be a number of megabytes per second, such as 2 or 0.5, not "0".'],
    [["service"], "service needs a name: catalog, processing, notifications."],
    [["service", "database"], "service needs a name: catalog, processing, notifications."],
    [["service", "catalog", "processing"], 'service takes one name; "processing" is too much.'],
    [["send", "a.csv"], "send needs --broker: the services are running elsewhere."],
    [["service", "catalog"], "service needs --broker: alone in its process, it has to meet the others somewhere."],
  ] as const)("%j", ([args, message]) => {
    expect(() => parseCommandLine(args, {})).toThrow(new UsageError(message));
  });
});

describe("files", () => {
  test("are looked for in the caller's folder, and called as the caller calls them", async () => {
    expect(await findFiles(["a.csv"], folder.path)).toEqual([{ path: join(folder.path, "a.csv"), label: "a.csv" }]);
  });

  test("are all checked before anything starts: a line for each that can't be read", async () => {
    await expect(findFiles(["a.csv", "missing.csv", "folder.csv", "a.csv/b.csv"], folder.path)).rejects.toThrow(
      new UsageError("missing.csv: no such file\nfolder.csv: not a file\na.csv/b.csv: no such file"),
    );
  });

  test("may not be readable", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read everything");
    const path = join(folder.path, "secret.csv");
    await writeFile(path, "a\n");
    await chmod(path, 0);
    await expect(findFiles(["secret.csv"], folder.path)).rejects.toThrow("secret.csv: may not be read");
  });
});

describe("folders", () => {
  test("are looked for in the caller's folder, and called by their own names", async () => {
    const path = join(folder.path, "good");
    await mkdir(path);
    await writeFile(join(path, "A.CSV"), "a\n");
    expect(await findFolders(["good/", "./good"], folder.path)).toEqual([
      { path, label: "good" },
      { path, label: "good" },
    ]);
  });

  test("are all checked before anything starts: a line for each that can't be imported", async () => {
    // A folder is no file, whatever it is called.
    await mkdir(join(folder.path, "none", "folder.csv"), { recursive: true });
    await expect(findFolders(["missing", "a.csv", "none", "a.csv/b"], folder.path)).rejects.toThrow(
      new UsageError("missing: no such folder\na.csv: not a folder\nnone: no .csv file in it\na.csv/b: not a folder"),
    );
  });

  test("may not be readable", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read everything");
    const path = join(folder.path, "secret");
    await mkdir(path, { mode: 0 });
    await expect(findFolders(["secret"], folder.path)).rejects.toThrow("secret: may not be read");
  });
});

describe("the program", () => {
  test("ends with 2 and a line on stderr for wrong usage", async () => {
    expect(await start(["--nope"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "Unknown option '--nope'. --help lists the options.\n",
    });
  });

  test("ends with 2 for files that can't be read, relative to where npm was called", async () => {
    expect(await start(["a.csv", "missing.csv"], { INIT_CWD: folder.path })).toEqual({
      code: 2,
      stdout: "",
      stderr: "missing.csv: no such file\n",
    });
  });

  test.for([
    ["missing", "missing: no such folder\n"],
    ["a.csv", "a.csv: not a folder\n"],
    ["folder.csv", "folder.csv: no .csv file in it\n"],
  ] as const)("ends with 2 for a folder that can't be imported: %s", async ([name, stderr]) => {
    expect(await start(["--import", name], { INIT_CWD: folder.path })).toEqual({ code: 2, stdout: "", stderr });
  });

  test("explains itself", async () => {
    const { code, stdout, stderr } = await start(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const options = [
      "--import",
      "--import-sample",
      "--broker",
      "--backend",
      "--data",
      "--read-rate",
      "--verbose",
      "DATABASE_URL",
    ];
    for (const option of options) expect(stdout).toContain(option);
  });

  test("ends with 1 and a line for a database that can't be reached", async () => {
    const { code, stderr } = await start([join(folder.path, "a.csv"), "--data", folder.path], {
      DATABASE_URL: "postgres://ana:secret@127.0.0.1:1/catalog",
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "No PostgreSQL can be used at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n",
    });
  });
});
