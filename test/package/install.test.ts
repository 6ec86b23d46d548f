import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { run } from "./run.ts";

/** A repo with a contract package in it, and what npm installs with that. */
const repo = inject("contractRepo");

/** Names and bytes of the packages in a node_modules folder, those inside of others counted with them. */
async function installed(): Promise<ReadonlyMap<string, number>> {
  const folder = join(repo, "node_modules");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const packages = new Map<string, number>();
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const name = /^((?:@[^/]+\/)?[^/.][^/]*)\//.exec(file.slice(folder.length + 1))?.[1];
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + (await stat(file)).size);
  }
  return packages;
}

/** What a program prints that opens an app, and closes it when that worked. */
async function opening(options: { readonly broker: string; readonly backend?: string }): Promise<string> {
  const program = `
    import { createApp } from "ligature";
    try {
      const app = createApp({ name: "weight", ...${JSON.stringify(options)} });
      await app.close();
      console.log("opened");
    } catch (error) {
      console.log(error.code, error.message);
    }`;
  return run(process.execPath, ["--input-type=module", "--eval", program], repo);
}

async function peerRange(name: string): Promise<string | undefined> {
  const manifest = JSON.parse(await readFile(join(repo, "node_modules", "ligature", "package.json"), "utf8")) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  return manifest.peerDependencies[name];
}

test("a contract package installs zod, ligature and six small packages, no client of a broker or of Redis", async () => {
  const packages = await installed();
  expect([...packages.keys()].sort()).toEqual([
    "@bomb.sh/tab",
    "@example/processing",
    "@lukeed/ms",
    "commander",
    "copy-anything",
    "ligature",
    "superjson",
    "tinyqueue",
    "zod",
  ]);
  const others = [...packages].filter(([name]) => name !== "zod" && name !== "@example/processing");
  expect(others.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThan(4_500_000);
});

test("memory:// needs nothing else", async () => {
  expect(await opening({ broker: "memory://" })).toBe("opened\n");
});

test.each([
  ["amqplib", { broker: "amqp://localhost" }],
  ["amqplib", { broker: "amqps://localhost" }],
  ["ioredis", { broker: "memory://", backend: "redis://localhost" }],
  ["ioredis", { broker: "memory://", backend: "rediss-cluster://localhost" }],
] as const)("without %s, createApp says how to install it for %o", async (name, options) => {
  const said = await opening(options);
  expect(said).toMatch(/^INVALID_OPTION /);
  const version = new RegExp(`Install it: npm install ${name}@(\\d+)\\n$`).exec(said)?.[1];
  expect(await peerRange(name)).toMatch(new RegExp(`^\\^${version}\\.`));
});

test("without piscina, a worker with threads says how to install it", async () => {
  const program = `
    import { processing } from "@example/processing";
    import { createApp } from "ligature";
    const app = createApp({ name: "weight", broker: "memory://" });
    const worker = app.worker(processing, new URL("file:///handlers.js"), { execution: "thread" });
    await worker.start().catch((error) => console.log(error.code, error.message));
    await app.close();`;
  const said = await run(process.execPath, ["--input-type=module", "--eval", program], repo);
  const version = /^INVALID_OPTION .*Install it: npm install piscina@(\d+)\n$/.exec(said)?.[1];
  expect(await peerRange("piscina")).toMatch(new RegExp(`^\\^${version}\\.`));
});
