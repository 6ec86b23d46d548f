import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { run } from "./run.ts";

const tarballs = inject("tarballs");
const attw = join(dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json")), "dist", "index.js");

describe.each(Object.entries(tarballs))("%s", (name, tarball) => {
  let folder: string;
  let files: readonly string[];
  let manifest: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ligature-tarball-"));
    await run("tar", ["-xzf", tarball, "--strip-components=1"], folder);
    files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as typeof manifest;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("ships nothing but what is used", () => {
    const unwanted = files.filter((file) => /tsbuildinfo$|tsconfig|\.test\.|(^|\/)(test|node_modules)\/|\.env|\.log$/.test(file));
    expect(unwanted).toEqual([]);
  });

  test("holds the documents that its commands name", () => {
    if (name !== "@ligature/codegen") return;
    expect(files).toEqual(expect.arrayContaining(["docs/breaking-rules.md", "docs/lint-rules.md"]));
  });

  test("names its files and no folder of the workspace", async () => {
    expect(manifest["name"]).toBe(name);
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|link:|file:/);
    expect(manifest["license"]).toBe("MIT");
    expect(manifest["engines"]).toEqual({ node: ">=20.19" });
  });

  test("every map points at a source that is shipped", async () => {
    const maps = files.filter((file) => file.endsWith(".map"));
    expect(maps.length).toBeGreaterThan(0);
    const missing = await Promise.all(
      maps.map(async (file) => {
        const { sources } = JSON.parse(await readFile(join(folder, file), "utf8")) as { sources: readonly string[] };
        return sources.map((source) => join(dirname(file), source)).filter((source) => !existsSync(join(folder, source)));
      }),
    );
    expect(missing.flat()).toEqual([]);
  });

  test("publint finds nothing", async () => {
    const packed = await readFile(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(packed).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("its types are right for ESM", async () => {
    await run(process.execPath, [attw, tarball, "--profile", "esm-only", "--no-definitely-typed", "--no-emoji"], folder, {
      FORCE_COLOR: "0",
    });
  });
});
