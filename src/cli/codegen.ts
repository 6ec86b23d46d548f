import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError, type Command } from "./command.ts";

/** What @ligature/codegen contributes, which production has no use for: for the help and the advice where it isn't installed. */
export const namesOfCodegen: readonly string[] = ["asyncapi", "breaking", "docs", "gen", "lint", "new", "python", "usage"];

export const howToInstall: string = "Install it: npm i -D @ligature/codegen";

/**
 * The commands of @ligature/codegen: as the current folder or one above it has it installed, a folder that the arguments
 * name, or else a package below the current folder. Undefined where none has.
 * @throws UsageError when the one that is there can't be used
 */
export async function codegenCommands(cwd: string, args: readonly string[]): Promise<readonly Command[] | undefined> {
  for (const folder of placesToLook(cwd, args)) {
    const entry = entryFrom(folder);
    if (entry === undefined) continue;
    try {
      const { commands } = (await import(pathToFileURL(entry).href)) as { readonly commands: readonly Command[] };
      return commands;
    } catch (error) {
      throw new UsageError(`@ligature/codegen can't be loaded from ${entry}: ${(error as Error).message}`, { cause: error });
    }
  }
  return undefined;
}

function entryFrom(folder: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve("@ligature/codegen/commands");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw new UsageError("the installed @ligature/codegen is older than ligature; update it: npm i -D @ligature/codegen@latest");
  }
}

function* placesToLook(cwd: string, args: readonly string[]): Generator<string> {
  yield cwd;
  for (const arg of args) {
    const folder = resolve(cwd, arg);
    if (!arg.startsWith("-") && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) yield folder;
  }
  // A workspace of which only the contract packages have it: `packages/billing`.
  for (const folder of foldersIn(cwd)) {
    for (const each of [folder, ...foldersIn(folder)]) {
      if (existsSync(join(each, "node_modules/@ligature/codegen"))) yield each;
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
