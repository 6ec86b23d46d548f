import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { defineCommand, UsageError, type Command, type Terminal } from "ligature/cli";
import { canNameVariable } from "../plan/identifiers.ts";
import { version } from "../version.ts";
import { contractPackage, type ScaffoldFile } from "./scaffold.ts";
import { serviceRepository } from "./scaffold-service.ts";

const packageOption = {
  type: "text",
  value: "name",
  description: "the npm name of the contract's package (default: the contract's name, in lower case with dashes)",
} as const;

const newContract: Command = defineCommand({
  name: "contract",
  summary: "make a contract package that compiles and generates as it is",
  arguments: [{ name: "name", description: "the contract's name, a JavaScript identifier: billing", required: true }],
  options: {
    package: packageOption,
    dir: {
      type: "text",
      value: "folder",
      description: "where (default: packages/<name> when there is a packages folder here, else <name>)",
    },
  },
  async run({ arguments: [contract = ""], options }, terminal) {
    await checkName(contract);
    const kebab = kebabOf(contract);
    const packageName = checkedPackageName(options.package ?? kebab);
    const { cwd } = terminal;
    const place = options.dir ?? (existsSync(join(cwd, "packages")) ? join("packages", kebab) : kebab);
    const dir = emptyFolder(resolve(cwd, place), terminal);
    const folder = shown(dir, terminal);
    await write(dir, contractPackage({ contract, packageName, specOf: () => `^${version}` }), terminal);
    terminal.out(`Next: npm install, then in ${folder}: npm run build`);
    return 0;
  },
});

const newService: Command = defineCommand({
  name: "service",
  summary: "make a service's repository: contract, handlers, worker, caller, test, RabbitMQ by compose",
  arguments: [{ name: "name", description: "the contract's name, a JavaScript identifier: billing", required: true }],
  options: {
    package: packageOption,
    dir: { type: "text", value: "folder", description: "where (default: <name>-service)" },
    tarballs: {
      type: "text",
      value: "folder",
      description: "install ligature and @ligature/codegen from the packed tarballs in this folder, not from a registry",
    },
  },
  async run({ arguments: [contract = ""], options }, terminal) {
    await checkName(contract);
    const kebab = kebabOf(contract);
    const packageName = checkedPackageName(options.package ?? `${kebab}-contract`);
    const dir = emptyFolder(resolve(terminal.cwd, options.dir ?? `${kebab}-service`), terminal);
    const tarballs = options.tarballs === undefined ? undefined : resolve(terminal.cwd, options.tarballs);
    const specOf = (name: string, folder: string): string => {
      if (tarballs === undefined) return `^${version}`;
      const file = join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
      if (!existsSync(file)) throw new UsageError(`${shown(file, terminal)} isn't there: pack ${name} into that folder first.`);
      return `file:${relative(join(dir, folder), file).replaceAll("\\", "/")}`;
    };
    await write(dir, serviceRepository({ contract, packageName, specOf }), terminal);
    terminal.out(`Next: cd ${shown(dir, terminal)} && npm install && npm test && npm run hello`);
    return 0;
  },
});

export const newCommand: Command = {
  name: "new",
  summary: "make a contract package or a service",
  commands: [newContract, newService],
};

function kebabOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

function checkedPackageName(name: string): string {
  if (!/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name)) throw new UsageError(`"${name}" is no npm package name.`);
  return name;
}

function emptyFolder(dir: string, terminal: Terminal): string {
  if (existsSync(dir) && !isEmptyFolder(dir)) throw new UsageError(`${shown(dir, terminal)} exists and isn't empty.`);
  return dir;
}

async function write(dir: string, files: readonly ScaffoldFile[], terminal: Terminal): Promise<void> {
  for (const { path, content } of files) {
    const target = join(dir, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { flag: "wx" });
  }
  terminal.out(`${shown(dir, terminal)}  wrote ${files.map(({ path }) => path).join(", ")}`);
}

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
