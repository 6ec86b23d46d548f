import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { canNameVariable } from "../plan/identifiers.ts";
import { contractPackage } from "./scaffold.ts";
import { version } from "../version.ts";
import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command, type Terminal } from "../commands/command.ts";

const help = `Usage: ligature new contract <name> [options]

Makes a contract package that compiles and generates as it is.

  <name>            the contract's name, a JavaScript identifier: billing
  --package <name>  the npm package's name (default: the contract's name, in lower case with dashes)
  --dir <folder>    where (default: packages/<name> when there is a packages folder here, else <name>)`;

export const newCommand: Command = {
  help,
  async run(args, terminal) {
    const { contract, packageName, dir } = await parse(args, terminal);
    if (existsSync(dir) && readdirSync(dir).length > 0) throw new UsageError(`${shown(dir, terminal)} exists and isn't empty.`);
    const files = contractPackage({ contract, packageName, version });
    for (const { path, content } of files) {
      const target = join(dir, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content, { flag: "wx" });
    }
    const folder = shown(dir, terminal);
    terminal.out(`${folder}  wrote ${files.map(({ path }) => path).join(", ")}`);
    terminal.out(`Next: npm install, then in ${folder}: npm run build`);
    return 0;
  },
};

interface NewArguments {
  readonly contract: string;
  readonly packageName: string;
  readonly dir: string;
}

async function parse(args: readonly string[], { cwd }: Terminal): Promise<NewArguments> {
  const { values, positionals } = parseArguments("new", args, { package: { type: "string" }, dir: { type: "string" } });
  const [kind, contract, ...more] = positionals;
  if (kind !== "contract" || contract === undefined || more.length > 0) {
    throw new UsageError("say what to make: ligature new contract <name>. See ligature new --help.");
  }
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(contract)) {
    throw new UsageError(`"${contract}" can't name a contract: it must be an identifier of letters, digits and "_".`);
  }
  if (!canNameVariable(contract) || !(await isAllowed(contract))) {
    throw new UsageError(`"${contract}" is reserved and can't name a contract: its stubs are a const of that name.`);
  }
  if (usedNames.has(contract)) {
    throw new UsageError(`"${contract}" can't name this contract: its source has something else of that name. Choose another.`);
  }
  const kebab = contract
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
  const packageName = values.package ?? kebab;
  if (!/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(packageName))
    throw new UsageError(`"${packageName}" is no npm package name.`);
  const dir = values.dir ?? (existsSync(join(cwd, "packages")) ? join("packages", kebab) : kebab);
  return { contract, packageName, dir: resolve(cwd, dir) };
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
