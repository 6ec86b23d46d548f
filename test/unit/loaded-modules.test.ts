import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../support/documents.ts";

const hooks = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    writeSync(1, resolved.url + "\\n");
    return resolved;
  }`)}`;
const register = `data:text/javascript,${encodeURIComponent(`import { register } from "node:module"; register(${JSON.stringify(hooks)});`)}`;

/** The modules that a program loads: files of Ligature from its folder `dist/`, and names of packages. */
async function loadedBy(program: string): Promise<{ readonly files: readonly string[]; readonly packages: readonly string[] }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", register, "--input-type=module", "--eval", `${program}; process.exit();`],
    { cwd: `${projectRoot}/test` },
  );
  const urls = [...new Set(stdout.split("\n").filter((url) => url.startsWith("file:")))];
  const files = urls.flatMap((url) => /\/src\/dist\/(.*)$/.exec(url)?.[1] ?? []);
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return { files, packages: [...new Set(packages)].sort() };
}

const app = (options: string): string =>
  `const { createApp, silentLogger } = await import("ligature");
   const app = createApp({ name: "weight", log: silentLogger, ${options} });
   await app.revoke("x", { timeout: 1 }).catch(() => {});`;

// Each module costs a program about half a millisecond at its start.
describe("what is loaded", () => {
  it.each([
    ["ligature", 76],
    ["ligature/contract", 30],
    ["ligature/generated", 45],
  ])("by %s is a few small files", async (specifier, most) => {
    const { files, packages } = await loadedBy(`await import(${JSON.stringify(specifier)})`);
    expect(packages).toEqual(["@lukeed/ms"]);
    expect(files.length).toBeGreaterThan(10);
    expect(files.length).toBeLessThanOrEqual(most);
    expect(files.filter((file) => /^(protocol|worker\/(intake|answers)|broker\/(amqp|memory)\/index|store)/.test(file))).toEqual(
      [],
    );
  });

  it("by an app is its broker and its backend, and no other", async () => {
    const { files, packages } = await loadedBy(app('broker: "amqp://127.0.0.1:1", refusedLogin: "fail"'));
    expect(packages).toContain("superjson");
    expect(packages).not.toContain("ioredis");
    expect(packages).not.toContain("tinyqueue");
    expect(files).toContain("broker/amqp/index.js");
    expect(files).toContain("backend/rpc/index.js");
    expect(
      files.filter((file) => /^(broker\/memory\/index|backend\/(memory|redis)|worker\/(intake|answers))/.test(file)),
    ).toEqual([]);
  });

  it("by an app in this process is no RabbitMQ client", async () => {
    const { files, packages } = await loadedBy(app('broker: "memory://"'));
    expect(packages).not.toContain("amqplib");
    expect(files).toContain("broker/memory/index.js");
    expect(files.filter((file) => /^(broker\/amqp\/index|backend\/(rpc|redis))/.test(file))).toEqual([]);
  });
});
