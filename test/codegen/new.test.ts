import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/dist/cli/run.js";

const exec = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = join(root, "node_modules/.bin/tsc");

/** A folder like another repo, with the packages of this one installed. */
let repo: string;
const lines: string[] = [];
const command = (...args: string[]): Promise<number> =>
  run(args, {
    cwd: repo,
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    stopSignal: () => new AbortController().signal,
  });

beforeAll(async () => {
  repo = await mkdtemp(join(tmpdir(), "ligature-new-"));
  await mkdir(join(repo, "node_modules/@ligature"), { recursive: true });
  await symlink(join(root, "src"), join(repo, "node_modules/ligature"));
  await symlink(join(root, "codegen"), join(repo, "node_modules/@ligature/codegen"));
  await symlink(join(root, "test/node_modules/zod"), join(repo, "node_modules/zod"));
});
afterAll(() => rm(repo, { recursive: true, force: true }));

describe("ligature new", () => {
  it("makes a package that compiles, generates, and compiles again", async () => {
    expect(await command("new", "contract", "billingTasks", "--package", "@acme/billing")).toBe(0);
    const folder = join(repo, "billing-tasks");
    expect(JSON.parse(await readFile(join(folder, "package.json"), "utf8"))).toMatchObject({
      name: "@acme/billing",
      ligature: { contract: "./src/contract.ts" },
    });
    await exec(tsc, ["-p", folder]);
    expect(await command("gen", "billing-tasks")).toBe(0);
    expect(await readFile(join(folder, "generated/index.d.ts"), "utf8")).toContain(
      "export declare const billingTasks: BillingTasks;",
    );
    const { stdout } = await exec(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { billingTasks } from ${JSON.stringify(join(folder, "generated/index.js"))}; console.log(billingTasks.greet.taskName);`,
    ]);
    expect(stdout.trim()).toBe("billingTasks.greet");
  });

  it("makes a service that compiles, passes its own test and runs", async () => {
    expect(await command("new", "service", "shopOrders", "--package", "@acme/shop-orders")).toBe(0);
    const folder = join(repo, "shop-orders-service");
    const contract = join(folder, "contract");
    // What `npm install` does, without a registry.
    await mkdir(join(folder, "node_modules/@types"), { recursive: true });
    await mkdir(join(repo, "node_modules/@acme"), { recursive: true });
    await symlink(contract, join(repo, "node_modules/@acme/shop-orders"));
    await symlink(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
    await exec(tsc, ["-p", contract]);
    expect(await command("gen", "shop-orders-service/contract")).toBe(0);
    await exec(tsc, ["-p", folder]);
    const { stdout } = await exec(process.execPath, ["--test", "dist/handlers.test.js"], { cwd: folder });
    expect(stdout).toMatch(/# pass 1|pass 1/);
    expect((await exec(process.execPath, ["dist/hello.js", "Grace"], { cwd: folder })).stdout).toMatch(/^Hello, Grace! 20/m);
    expect((await exec(process.execPath, ["dist/hello.js", "nobody"], { cwd: folder })).stdout).toMatch(
      /^Nobody knows nobody\.$/m,
    );
  });

  it("takes packed tarballs where there is no registry, and says which is missing", async () => {
    expect(await command("new", "service", "packed", "--tarballs", ".")).toBe(2);
    expect(lines.at(-1)).toMatch(/ligature-0\.\d+\.\d+\.tgz isn't there: pack ligature into that folder first\.$/);
  });

  it("never writes over anything", async () => {
    expect(await command("new", "contract", "twice")).toBe(0);
    expect(await command("new", "contract", "twice")).toBe(2);
    expect(lines.at(-1)).toBe("ligature: twice exists and isn't empty.");
  });

  it.each([
    [["nothing", "x"], /unknown command "nothing"\. Commands: contract, service\. See ligature new --help/],
    [["service", "class"], /"class" is reserved/],
    [["contract"], /missing required argument "name"\. See ligature new contract --help/],
    [["contract", "1x"], /"1x" can't name a contract/],
    [["contract", "class"], /"class" is reserved/],
    [["contract", "errors"], /"errors" is reserved/],
    [["contract", "task"], /"task" can't name this contract/],
    [["contract", "x", "--package", "Not A Name"], /no npm package name/],
    [["contract", "x", "--nope"], /unknown option "--nope".*See ligature new contract --help/],
  ])("refuses %j in one line", async (args, message) => {
    expect(await command("new", ...args)).toBe(2);
    expect(lines.at(-1)).toMatch(message);
    expect(lines.at(-1)).not.toContain("\n");
  });
});
