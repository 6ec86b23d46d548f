// n.b. not by name: the banner that many give esbuild declares a createRequire, and both would be in one module.
import nodeModule from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LigatureError } from "../../errors/index.ts";

/** A module with handlers, and what its children need to run it. */
export interface ModuleFile {
  readonly url: string;
  /** Undefined where Node runs it as it is, or a child has tsx from the program's own arguments. */
  readonly tsx: Tsx | undefined;
}

/** Modules of tsx, as URLs. */
interface Tsx {
  /** For `--import`. Undefined where the program runs under tsx itself. */
  readonly loader: string | undefined;
  /** Exports `register()`. Threads need it: in them `--import` has no effect on Node 20 (privatenumber/tsx#354). */
  readonly api: string;
}

/** @throws LigatureError `INVALID_OPTION` when there is no such file, or it is TypeScript and nothing runs that */
export function moduleFile(given: URL): ModuleFile {
  const url = existing(given);
  return { url: url.href, tsx: /\.[cm]?tsx?$/.test(url.pathname) ? findTsx(url) : undefined };
}

function existing(url: URL): URL {
  if (url.protocol !== "file:") {
    throw new LigatureError(
      "INVALID_OPTION",
      `worker(): the handlers must be a module in a file, as in new URL("./handlers.js", import.meta.url); got ${url.protocol}`,
    );
  }
  if (existsSync(url)) return url;
  // As imports are written in TypeScript, whose compiler isn't part of it during development.
  const source = new URL(url.href.replace(/\.([cm]?)js$/, ".$1ts"));
  if (source.href !== url.href && existsSync(source)) return source;
  throw new LigatureError(
    "INVALID_OPTION",
    `worker(): there is no module with handlers at ${fileURLToPath(url)}. A bundler must emit it as an entry of its own.`,
  );
}

function findTsx(url: URL): Tsx | undefined {
  const running = runningTsx();
  if (running === undefined && (process.features as { readonly typescript?: unknown }).typescript) return undefined;
  const found = running ?? [url.href, pathToFileURL(`${process.cwd()}/`).href].map(resolveTsx).find((each) => each !== undefined);
  if (found !== undefined) return { ...found, loader: running === undefined ? found.loader : undefined };
  throw new LigatureError(
    "INVALID_OPTION",
    `worker(): ${fileURLToPath(url)} is TypeScript, which this Node doesn't run. Compile it, or install tsx beside it: npm install --save-dev tsx`,
  );
}

/** The tsx that runs this program. */
function runningTsx(): { readonly loader: string; readonly api: string } | undefined {
  const loader = process.execArgv
    .find((argument) => /[\\/]tsx[\\/]dist[\\/]loader\.mjs$/.test(argument))
    ?.replace(/^--import=/, "");
  if (loader === undefined) return undefined;
  const href = loader.startsWith("file:") ? loader : pathToFileURL(loader).href;
  return { loader: href, api: new URL("./esm/api/index.mjs", href).href };
}

function resolveTsx(from: string): { readonly loader: string; readonly api: string } | undefined {
  const { resolve } = nodeModule.createRequire(from);
  try {
    const root = resolve("tsx/package.json");
    const at = (path: string): string => new URL(path, pathToFileURL(root)).href;
    return { loader: at("./dist/loader.mjs"), api: at("./dist/esm/api/index.mjs") };
  } catch {
    return undefined;
  }
}

/**
 * A program of children, which lies beside this code.
 * @throws LigatureError `INVALID_OPTION` in a bundle, where it doesn't
 */
export function childProgram(name: "process-child" | "thread-child"): URL {
  const { url } = import.meta as { readonly url?: string };
  const program = url === undefined ? undefined : new URL(`./${name}.js`, url);
  if (program !== undefined && existsSync(program)) return program;
  throw new LigatureError(
    "INVALID_OPTION",
    "worker(): in this bundle the program that runs handlers in children is missing. Bundle with ligature as external.",
  );
}

/** The arguments of Node that a child process takes over: not those that only one process can have, or that say what runs. */
export function childArguments(): readonly string[] {
  const kept: string[] = [];
  const given = process.execArgv;
  for (let index = 0; index < given.length; index += 1) {
    const argument = given[index] as string;
    if (/^(-e|-p|-pe|--eval|--print)$/.test(argument)) index += 1;
    else if (!/^--(inspect|debug|eval=|print=|input-type|test|watch|stack-trace-limit)/.test(argument)) kept.push(argument);
  }
  return kept;
}
