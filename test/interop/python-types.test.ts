import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findMypy, missingText } from "../../scripts/lib/programs.mjs";
import { celeryPython } from "../support/celery.ts";
import { documents, projectRoot } from "../support/documents.ts";
import { ligature, writePythonContracts, type PythonContracts } from "../support/python-contracts.ts";
import { rightUses, wrongUses } from "./python-uses.ts";

const exec = promisify(execFile);
const folder = fileURLToPath(new URL(".", import.meta.url));

let mypy = "";
let contracts: PythonContracts;
beforeAll(async () => {
  mypy = (await findMypy()) ?? "";
  if (mypy === "") throw new Error(missingText("mypy"));
  contracts = await writePythonContracts();
});
afterAll(() => contracts[Symbol.asyncDispose]());

/** What mypy says of files, one message a line; nothing when it finds nothing. */
function check(files: readonly string[], more: readonly string[] = [], cwd = folder): Promise<readonly string[]> {
  const options = ["--strict", "--no-error-summary", "--hide-error-context", "--cache-dir", join(contracts.path, "cache")];
  const env = { ...process.env, MYPYPATH: contracts.path };
  return new Promise((resolve, reject) => {
    execFile(mypy, [...options, ...more, ...files], { env, cwd }, (error, stdout, stderr) => {
      // 1: it found something. Anything else is mypy's own failure.
      if (error !== null && error.code !== 1) reject(new Error(`${error.message}\n${stdout}${stderr}`));
      else resolve(stdout.split("\n").filter((line) => line !== ""));
    });
  });
}

const head = `from datetime import datetime, timezone
from typing import List, Optional
from contracts import legacy, ligature
from contracts.lab import Lab, OutOfStock, Rich
from contracts.ligature import CeleryApp, DateTime, ImmutableSignature, Signature
from typed_service import Service

def use(app: CeleryApp, lab: Lab, remote: legacy.Legacy, now: datetime, rich: Rich) -> None:
`;

/** A module around some lines, which are the body of a function. */
function moduleOf(code: string): string {
  return (
    head +
    code
      .split("\n")
      .map((line) => `    ${line}\n`)
      .join("")
  );
}

/** Imports a module and evaluates every annotation in it. */
const evaluateAll = `
import inspect, typing, golden.bakery as module
for name, value in vars(module).items():
    if inspect.isclass(value) and value.__module__ == module.__name__:
        for each in [value, *(part for part in vars(value).values() if inspect.isfunction(part))]:
            typing.get_type_hints(each)
`;

describe("mypy --strict", () => {
  it.each(["3.9", "3.11"])(
    "accepts the generated modules, for Python %s",
    async (version) => {
      expect(await check(["-p", "contracts"], ["--python-version", version])).toEqual([]);
    },
    60_000,
  );

  it("accepts the service and the client that run in the other tests", async () => {
    expect(await check(["typed_service.py", "typed_client.py"])).toEqual([]);
  });

  it("accepts the modules of a contract with many kinds of values", async () => {
    const dir = join(contracts.path, "golden");
    await mkdir(dir);
    await copyFile(join(contracts.path, "contracts/ligature.py"), join(dir, "ligature.py"));
    await copyFile(join(folder, "../codegen/cases-python/bakery/expected/bakery.py"), join(dir, "bakery.py"));
    await writeFile(join(dir, "__init__.py"), "");
    expect(await check(["-p", "golden"], ["--python-version", "3.9"])).toEqual([]);
    // Types that contain themselves, and names that come later, are evaluated when a module is imported.
    await exec(await celeryPython(), ["-c", evaluateAll], { cwd: contracts.path });
  });

  it("accepts the examples of the guide", async () => {
    const blocks = documents().find(({ path }) => path === "docs/guides/python.md")?.blocks ?? [];
    const contract = blocks.find(({ language }) => language === "ts")?.lines.join("\n") ?? "";
    const dir = await mkdtemp(join(tmpdir(), "ligature-guide-"));
    try {
      await symlink(join(projectRoot, "test/node_modules"), join(dir, "node_modules"));
      await writeFile(join(dir, "contract.ts"), contract);
      const json = { name: "guide", type: "module", ligature: { contract: "./contract.ts" } };
      await writeFile(join(dir, "package.json"), JSON.stringify(json));
      await ligature(dir, "gen");
      await ligature(dir, "python", "--out", "reports/contracts");
      await ligature(projectRoot, "python", "packages/processing", "packages/catalog", "--out", join(dir, "shop/contracts"));
      const files = await Promise.all(
        blocks
          .filter(({ language }) => language === "python")
          .map(async ({ lines }) => {
            const file = /^# (\S+)$/.exec(lines[0] ?? "")?.[1] ?? "";
            await writeFile(join(dir, file), `${lines.join("\n")}\n`);
            return file;
          }),
      );
      expect(files.sort()).toEqual(["reports/main.py", "shop/main.py"]);
      const modules = files.flatMap((file) => ["-m", file.replace(/\.py$/, "").replaceAll("/", ".")]);
      expect(await check(modules, [], dir)).toEqual([]);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it("accepts right use", async () => {
    const file = join(contracts.path, "right.py");
    await writeFile(file, rightUses.map((code, index) => moduleOf(code).replace("def use", `def use${index}`)).join("\n"));
    expect(await check([file], ["--allow-redefinition"])).toEqual([]);
  });
});

describe("mypy --strict refuses", () => {
  const found = new Map<string, readonly string[]>();
  beforeAll(async () => {
    const dir = join(contracts.path, "wrong");
    await mkdir(dir);
    const files = wrongUses.map((_, index) => join(dir, `wrong${index}.py`));
    for (const [index, { code }] of wrongUses.entries()) await writeFile(files[index] ?? "", moduleOf(code));
    for (const line of await check(files)) {
      const [, name = "", message = ""] = /(wrong\d+)\.py:\d+: error: (.*)$/.exec(line) ?? [];
      if (message !== "") found.set(name, [...(found.get(name) ?? []), message]);
    }
  });

  it.each(wrongUses.map((use, index) => ({ ...use, index })))("$what", ({ message, index }) => {
    expect(found.get(`wrong${index}`)).toContainEqual(expect.stringContaining(message));
  });
});
