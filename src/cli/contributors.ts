import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError, type Command } from "./command.ts";

/** A package that contributes commands, which not every program that uses Ligature has. */
export interface Contributor {
  readonly package: string;
  /** Its commands: for the help and the advice where it isn't installed. */
  readonly commands: readonly string[];
  /** How it is installed. */
  readonly install: string;
}

export const contributors: readonly Contributor[] = [
  {
    package: "@ligature/codegen",
    commands: ["asyncapi", "breaking", "docs", "gen", "lint", "new", "python", "usage"],
    install: "npm i -D @ligature/codegen",
  },
  { package: "@ligature/monitor", commands: ["monitor"], install: "npm i @ligature/monitor" },
];

/**
 * The commands of a contributor: as the current folder or one above it has it installed, a folder that the arguments
 * name, or else a package below the current folder. Undefined where none has.
 * @throws UsageError when the one that is there can't be used
 */
export async function commandsOf(
  contributor: Contributor,
  cwd: string,
  args: readonly string[],
): Promise<readonly Command[] | undefined> {
  for (const folder of placesToLook(contributor, cwd, args)) {
    const entry = entryFrom(contributor, folder);
    if (entry === undefined) continue;
    try {
      const { commands } = (await import(pathToFileURL(entry).href)) as { readonly commands: readonly Command[] };
      return commands;
    } catch (error) {
      throw new UsageError(`${contributor.package} can't be loaded from ${entry}: ${(error as Error).message}`, { cause: error });
    }
  }
  return undefined;
}

function entryFrom({ package: name, install }: Contributor, folder: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve(`${name}/commands`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw new UsageError(`the installed ${name} is older than ligature; update it: ${install}@latest`);
  }
}

function* placesToLook(contributor: Contributor, cwd: string, args: readonly string[]): Generator<string> {
  yield cwd;
  for (const arg of args) {
    const folder = resolve(cwd, arg);
    if (!arg.startsWith("-") && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) yield folder;
  }
  // A workspace of which only the contract packages have it: `packages/billing`.
  for (const folder of foldersIn(cwd)) {
    for (const each of [folder, ...foldersIn(folder)]) {
      if (existsSync(join(each, "node_modules", contributor.package))) yield each;
    }
  }
}

function foldersIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
      .map(({ name }) => join(dir, name));
  } catch {
    return [];
  }
}
