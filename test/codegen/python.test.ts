import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import { contractPackage } from "./support/contract-package.ts";
import { command, ligature } from "./support/ligature.ts";
import { scratch, scratchOfTest, writeAll, type Scratch } from "./support/scratch.ts";

const casesDir = join(import.meta.dirname, "cases-python");
const cases = readdirSync(casesDir);

/** The header's version and hash change with every release and every field of the manifest. */
function withoutHashes(text: string): string {
  return text.replace(/codegen@\S+ from (\S+) · [0-9a-f]{12} ·/, "codegen@<version> from $1 · <hash> ·");
}

let workspace: Scratch;
beforeAll(async () => {
  workspace = scratch({ "package.json": '{ "type": "module", "workspaces": ["*"] }' });
  for (const name of cases) cpSync(join(casesDir, name), join(workspace.dir, name), { recursive: true });
  expect(await command(workspace.dir, ["gen"])).toMatchObject({ code: 0, err: "" });
  expect(await command(workspace.dir, ["python", "--out", "py"])).toMatchObject({ code: 0, err: "" });
  return () => workspace.remove();
});

test.each(cases)("%s.py is as expected", async (name) => {
  const text = readFileSync(join(workspace.dir, "py", `${name}.py`), "utf8");
  await expect(withoutHashes(text)).toMatchFileSnapshot(join(casesDir, name, "expected", `${name}.py`));
});

test("no line is longer than Black makes them, but for words that can't be broken", () => {
  const lines = cases.flatMap((name) =>
    readFileSync(join(workspace.dir, "py", `${name}.py`), "utf8")
      .split("\n")
      .slice(1),
  );
  expect(lines.filter((line) => line.length > 88)).toEqual([]);
});

/** A workspace with two contracts that are generated. */
let template: Scratch;
beforeAll(async () => {
  const two = contractPackage("two");
  template = scratch({
    "package.json": '{ "type": "module", "workspaces": ["*"] }',
    ...contractPackage("one"),
    ...two,
    "two/src/contract.ts": (two["two/src/contract.ts"] ?? "").replaceAll("test", "otherTest"),
  });
  expect(await command(template.dir, ["gen"])).toMatchObject({ code: 0 });
  return () => template.remove();
});

function twoContracts(): string {
  const dir = scratchOfTest();
  for (const name of ["package.json", "one", "two"]) cpSync(join(template.dir, name), join(dir, name), { recursive: true });
  return dir;
}

describe("ligature python", () => {
  it("writes what has changed, whatever the order of its folders", async () => {
    const dir = twoContracts();
    const { code, out } = await command(dir, ["python", "two", "one", "--out", "service/contracts"]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "service/contracts  wrote ligature.py, other_test.py, test.py, __init__.py\n",
    });
    expect((await command(dir, ["python", "one", "two", "--out", "service/contracts"])).out).toBe(
      "service/contracts  unchanged\n",
    );
  });

  it("checks without writing, and shows what differs", async () => {
    const dir = twoContracts();
    expect(ligature(dir, ["python", "one", "--out", "py", "--check"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("test.py is missing"),
    });
    expect(existsSync(join(dir, "py"))).toBe(false);
    await command(dir, ["python", "--out", "py"]);
    expect(await command(dir, ["python", "--out", "py", "--check"])).toMatchObject({ code: 0, err: "" });
    const file = join(dir, "py/test.py");
    writeFileSync(file, readFileSync(file, "utf8").replace('queue = "test"', 'queue = "tset"'));
    const { code, err } = await command(dir, ["python", "one", "--out", "py", "--check"]);
    expect(code).toBe(1);
    expect(err).toContain('-    queue = "tset"\n+    queue = "test"');
    expect(err).toContain("other_test.py should not be there any more");
    expect(err).toContain("Run: ligature python");
  });

  it("deletes modules of contracts that are no more, and nothing else", async () => {
    const dir = twoContracts();
    writeAll(dir, { "py/__init__.py": '"""Ours."""\n', "py/own.py": "x = 1\n" });
    await command(dir, ["python", "--out", "py"]);
    await command(dir, ["python", "one", "--out", "py"]);
    expect(readdirSync(join(dir, "py")).sort()).toEqual(["__init__.py", "ligature.py", "own.py", "test.py"]);
    expect(readFileSync(join(dir, "py/__init__.py"), "utf8")).toBe('"""Ours."""\n');
  });

  it("needs nothing of a package but its manifest", async () => {
    const dir = twoContracts();
    const installed = scratchOfTest({ "acme/contract.json": readFileSync(join(dir, "one/contract.json"), "utf8") });
    expect(await command(installed, ["python", "acme", "--out", "py"])).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(join(installed, "py")).sort()).toEqual(["__init__.py", "ligature.py", "test.py"]);
  });

  it.each([
    [["one"], /say where to write: ligature python --out <folder>/],
    [["nowhere", "--out", "py"], /nowhere doesn't exist/],
    [["package.json", "--out", "py"], /package\.json is not a folder/],
    [["empty", "--out", "py"], /empty holds no contract package/],
    [["fresh", "--out", "py"], /fresh\/contract\.json doesn't exist; run ligature gen first/],
    [["broken", "--out", "py"], /broken\/contract\.json is not JSON/],
    [["one", "same", "--out", "py"], /"test" of @test\/one and "test" of @test\/one would both be test\.py/],
    [["one", "--out", "py", "--nope"], /unknown option "--nope".*See ligature python --help/],
  ])("refuses %j in one line", async (args, message) => {
    const dir = twoContracts();
    writeAll(dir, { ...contractPackage("fresh"), "empty/x": "" });
    const manifest = readFileSync(join(dir, "one/contract.json"), "utf8");
    writeAll(dir, { "broken/contract.json": "{", "same/contract.json": manifest });
    const { code, err } = await command(dir, ["python", ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trimEnd()).not.toContain("\n");
  });
});
