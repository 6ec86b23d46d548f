import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { defineCommand, UsageError, type Command, type Terminal } from "ligature/cli";
import { canNameVariable } from "../plan/identifiers.ts";
import { version } from "../version.ts";
import { contractPackage } from "./scaffold.ts";

const newContract: Command = defineCommand({
  name: "contract",
  summary: "make a contract package that compiles and generates as it is",
  arguments: [{ name: "name", description: "the contract's name, a JavaScript identifier: billing", required: true }],
  options: {
    package: {
      type: "text",
      value: "name",
      description: "the npm package's name (default: the contract's name, in lower case with dashes)",
    },
    dir: {
      type: "text",
      value: "folder",
      description: "where (default: packages/<name> when there is a packages folder here, else <name>)",
    },
  },
  async run({ arguments: [contract = ""], options }, terminal) {
    await checkName(contract);
    const kebab = contract
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
      .replaceAll("_", "-")
      .toLowerCase();
    const packageName = options.package ?? kebab;
    if (!/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(packageName)) {
      throw new UsageError(`"${packageName}" is no npm package name.`);
    }
    const { cwd } = terminal;
    const dir = resolve(cwd, options.dir ?? (existsSync(join(cwd, "packages")) ? join("packages", kebab) : kebab));
    const folder = shown(dir, terminal);
    if (existsSync(dir) && !isEmptyFolder(dir)) throw new UsageError(`${folder} exists and isn't empty.`);
    const files = contractPackage({ contract, packageName, version });
    for (const { path, content } of files) {
      const target = join(dir, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content, { flag: "wx" });
    }
    terminal.out(`${folder}  wrote ${files.map(({ path }) => path).join(", ")}`);
    terminal.out(`Next: npm install, then in ${folder}: npm run build`);
    return 0;
  },
});

export const newCommand: Command = { name: "new", summary: "make a contract package", commands: [newContract] };

/** @throws UsageError when a contract can't have this name */
async function checkName(contract: string): Promise<void> {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(contract)) {
    throw new UsageError(`"${contract}" can't name a contract: it must be an identifier of letters, digits and "_".`);
  }
  if (!canNameVariable(contract) || !(await isAllowed(contract))) {
    throw new UsageError(`"${contract}" is reserved and can't name a contract: its stubs are a const of that name.`);
  }
  if (usedNames.has(contract)) {
    throw new UsageError(`"${contract}" can't name this contract: its source has something else of that name. Choose another.`);
  }
}

function isEmptyFolder(dir: string): boolean {
  return statSync(dir).isDirectory() && readdirSync(dir).length === 0;
}

/** What the contract's source, as it is made, imports and exports beside it. */
const usedNames: ReadonlySet<string> = new Set(["Greeting", "contract", "task", "z"]);

/** What `contract()` itself says. Loaded here: `ligature gen` knows an unchanged contract without Ligature. */
async function isAllowed(name: string): Promise<boolean> {
  const { contract, task } = await import("ligature/contract");
  try {
    contract(name, { tasks: { greet: task({}) } });
    return true;
  } catch {
    return false;
  }
}

function shown(dir: string, { cwd }: Terminal): string {
  return relative(cwd, dir).replaceAll("\\", "/") || ".";
}
