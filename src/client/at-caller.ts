import { LigatureError } from "../errors/index.ts";

/** Where this package's own code lies, as stacks show it. Undefined in a bundle, where the program's code lies in the same file. */
const own = ownFolder(import.meta.url);

function ownFolder(url: string | undefined): { readonly href: string; readonly path: string } | undefined {
  if (url?.endsWith("/client/at-caller.js") !== true) return undefined;
  const folder = new URL("..", url);
  return { href: folder.href, path: decodeURIComponent(folder.pathname) };
}

/**
 * The same error, whose stack also says where the program awaits it: errors are made where a message arrives or a timer
 * ends, and nobody's code is on the stack there. Costs nothing where nothing fails.
 */
export function atCaller(error: unknown): unknown {
  if (!(error instanceof LigatureError) || typeof error.stack !== "string") return error;
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, atCaller);
  const frames = (here.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line) && !isOwn(line));
  const [first] = frames;
  if (first !== undefined && !error.stack.includes(first)) {
    Object.defineProperty(error, "stack", {
      value: `${error.stack}\n${frames.join("\n")}`,
      configurable: true,
      writable: true,
    });
  }
  return error;
}

function isOwn(frame: string): boolean {
  if (frame.includes("node:internal") || frame.includes("(<anonymous>)")) return true;
  return own !== undefined && (frame.includes(own.href) || frame.includes(own.path));
}

/** @param what could not be sent, for whatever reason */
export function asLigatureError(error: unknown, what: string): LigatureError {
  if (error instanceof LigatureError) return error;
  return new LigatureError("NOT_SENT", `${what} could not be sent.`, { cause: error });
}
