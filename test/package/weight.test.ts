import { statSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, test } from "vitest";
import { run } from "./run.ts";

/** What a program loads: packages, and the bytes of each one's files. */
async function loadedBy(specifier: string): Promise<ReadonlyMap<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "ligature-loaded-"));
  try {
    const log = join(folder, "loaded.txt");
    const hooks = `import { appendFileSync } from "node:fs";
      export async function resolve(specifier, context, next) {
        const resolved = await next(specifier, context);
        appendFileSync(${JSON.stringify(log)}, resolved.url + "\\n");
        return resolved;
      }`;
    const hooksUrl = `data:text/javascript,${encodeURIComponent(hooks)}`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(hooksUrl)});`;
    await writeFile(join(folder, "register.mjs"), register);
    const program = `await import(${JSON.stringify(specifier)});`;
    await run(
      process.execPath,
      ["--import", join(folder, "register.mjs"), "--input-type=module", "--eval", program],
      inject("otherRepo"),
    );
    return sizes(new Set((await readFile(log, "utf8")).split("\n").filter((url) => url.startsWith("file:"))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sizes(urls: ReadonlySet<string>): ReadonlyMap<string, number> {
  const packages = new Map<string, number>();
  for (const url of urls) {
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + statSync(fileURLToPath(url)).size);
  }
  return packages;
}

test("ligature/contract pulls in its duration parser, and no other package", async () => {
  const loaded = await loadedBy("ligature/contract");
  expect([...loaded.keys()].sort()).toEqual(["@lukeed/ms", "ligature"]);
  expect(loaded.get("ligature")).toBeLessThan(60_000);
});

test("a contract package pulls in zod and a little of Ligature, never amqplib", async () => {
  const loaded = await loadedBy("@example/catalog");
  expect([...loaded.keys()].sort()).toEqual(["@example/catalog", "@example/processing", "@lukeed/ms", "ligature", "zod"]);
  expect(loaded.get("ligature")).toBeLessThan(88_000);
});

test("ligature by itself loads what makes signatures and checks options", async () => {
  const loaded = await loadedBy("ligature");
  expect([...loaded.keys()].sort()).toEqual(["@lukeed/ms", "ligature"]);
  expect(loaded.get("ligature")).toBeLessThan(185_000);
});
