import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "../../app/index.ts";
import type { Worker } from "../../worker/index.ts";
import { UsageError } from "../command.ts";

/** What a module exports that can be run. */
export interface LoadedModule {
  readonly apps: readonly App[];
  readonly workers: readonly Worker[];
}

/**
 * Loads a module, TypeScript too, and finds what it exports: workers, apps, arrays of them.
 * @throws UsageError when there is no such file, when it can't be read as it is, and when it exports neither
 */
export async function loadModule(cwd: string, module: string): Promise<LoadedModule> {
  const file = resolve(cwd, module);
  if (!existsSync(file))
    throw new UsageError(`there is no file ${module} here (${cwd}). Name the module that exports your workers.`);
  if (statSync(file).isDirectory())
    throw new UsageError(`${module} is a folder. Name the module in it that exports your workers.`);
  if (/\.[cm]?tsx?$/.test(file)) await readTypeScript(cwd, file);
  const exported = Object.values((await import(pathToFileURL(file).href)) as object).flatMap((value: unknown) =>
    Array.isArray(value) ? (value as unknown[]) : [value],
  );
  const apps = exported.filter(isApp);
  const workers = new Set([...exported.filter(isWorker), ...apps.flatMap((app) => app.workers)]);
  if (workers.size === 0) {
    throw new UsageError(
      `${module} exports no worker${apps.length > 0 ? ", and the apps that it exports have none" : ""}. Export what app.worker(…) returns: export const worker = app.worker(catalog, handlers);`,
    );
  }
  return { apps, workers: [...workers] };
}

/** Node 22.18 and newer read TypeScript by themselves, as far as its types can be left out; tsx reads all of it. */
async function readTypeScript(cwd: string, file: string): Promise<void> {
  for (const folder of [dirname(file), cwd]) {
    try {
      // Its main entry is what `node --import tsx` loads.
      await import(pathToFileURL(createRequire(join(folder, "package.json")).resolve("tsx")).href);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    }
  }
  const { features } = process as { readonly features: { readonly typescript?: unknown } };
  if (features.typescript === undefined || features.typescript === false) {
    throw new UsageError("a TypeScript module needs tsx, which isn't installed here. Install it: npm i -D tsx");
  }
}

/** By its shape: a module may have another copy of this package. */
function isApp(value: unknown): value is App {
  return hasMethods(value, ["worker", "remote", "health", "close"]);
}

function isWorker(value: unknown): value is Worker {
  return hasMethods(value, ["start", "run", "stop", "health"]);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return names.every((name) => typeof members[name] === "function");
}
