import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { patience } from "../support/patience.ts";

/** A service that calls itself. */
const program = `
import { createApp } from "ligature";
import { contract, task } from "ligature/contract";
import { defineContract } from "ligature/generated";
import { z } from "zod";

const add = task({ params: { a: z.number(), b: z.number() }, returns: z.number() });
const definition = contract("bundled", { queue: process.env.QUEUE, tasks: { add } });
const sums = defineContract(definition, { add: { fingerprint: "a" } });
const app = createApp({ name: "bundled", broker: process.env.BROKER, ...(process.env.BACKEND && { backend: process.env.BACKEND }) });
try {
  await app.worker(sums, { add: (a, b) => a + b }).start();
  console.log(await (await app.send(sums.add.si(1, 2))).get({ timeout: "${patience}ms" }));
} catch (error) {
  console.log(error.code, error.message);
}
await app.close();
`;

/** As the guide shows it. */
function documentedBanner(): string {
  const page = readFileSync(join(import.meta.dirname, "../../docs/guides/deployment.md"), "utf8");
  const [, banner] = /banner: \{ js: '(.+)' \}/.exec(page) ?? [];
  return banner ?? "";
}

/** CommonJS has no `await` outside of functions. */
function insideFunction(source: string): string {
  const imports = [...source.matchAll(/^import .*$/gm)].join("\n");
  return `${imports}\n(async () => {${source.replaceAll(/^import .*$/gm, "")}})();`;
}

describe("a bundled service", () => {
  let folder: string;
  let entry: string;

  beforeAll(() => {
    // Inside of the package, so that the program finds what it imports.
    const parent = join(import.meta.dirname, "../dist/bundles");
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(join(parent, "run-"));
    entry = join(folder, "service.mjs");
    writeFileSync(entry, program);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function bundled(options: BuildOptions): Promise<string> {
    const outfile = join(folder, `${randomUUID()}.${options.format === "cjs" ? "cjs" : "mjs"}`);
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", logLevel: "silent", ...options });
    return outfile;
  }

  /** What it prints. */
  async function output(file: string, broker: string, backend?: string): Promise<string> {
    const env = {
      ...process.env,
      BROKER: broker,
      QUEUE: `bundled-${randomUUID()}`,
      ...(backend !== undefined && { BACKEND: backend }),
    };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [file], { env, timeout: 2 * patience }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stderr}`)),
      );
    });
  }

  it.each<[string, BuildOptions]>([
    ["an ES module with the guide's banner", { format: "esm", banner: { js: documentedBanner() } }],
    ["an ES module with amqplib left out", { format: "esm", external: ["amqplib"] }],
  ])("runs as esbuild's: %s", async (_name, options) => {
    expect(await output(await bundled(options), amqpUrl())).toBe("3\n");
  });

  it.each(["esm", "cjs"] as const)("says what a worker with a pool needs, in esbuild's %s", async (format) => {
    const pooled = program.replace("{ add: (a, b) => a + b }", 'new URL("file://" + process.argv[1]), { execution: "process" }');
    const file = join(folder, `pooled-${format}.mjs`);
    writeFileSync(file, insideFunction(pooled));
    const banner = format === "esm" ? { js: documentedBanner() } : {};
    expect(await output(await bundled({ entryPoints: [file], format, banner }), "memory://")).toMatch(
      /^INVALID_OPTION .*Bundle with ligature as external\.\n$/,
    );
  });

  it("runs as esbuild's, with results in Redis", async () => {
    const file = await bundled({ format: "esm", banner: { js: documentedBanner() } });
    expect(await output(file, amqpUrl(), redisUrl())).toBe("3\n");
  });

  it("runs as esbuild's CommonJS", async () => {
    const file = join(folder, "cjs-service.mjs");
    writeFileSync(file, insideFunction(program));
    expect(await output(await bundled({ entryPoints: [file], format: "cjs" }), amqpUrl())).toBe("3\n");
  });

  it("without the banner runs on memory://, and says on RabbitMQ and Redis what it needs", async () => {
    const file = await bundled({ format: "esm" });
    expect(await output(file, "memory://")).toBe("3\n");
    const asked = /^INVALID_OPTION .*(amqplib|ioredis) is in this bundle.*createRequire\(import\.meta\.url\).*\n$/;
    expect(await output(file, amqpUrl())).toMatch(asked);
    expect(await output(file, "memory://", redisUrl())).toMatch(asked);
  });

  it("runs as Vite's, with all that it imports in it", async () => {
    const outDir = join(folder, "vite");
    await viteBuild({
      root: folder,
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true },
      build: { ssr: entry, outDir, target: "node20", rolldownOptions: { output: { entryFileNames: "service.mjs" } } },
    });
    expect(await output(join(outDir, "service.mjs"), amqpUrl(), redisUrl())).toBe("3\n");
  });
});
