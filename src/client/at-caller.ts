import { LigatureError } from "../errors/index.ts";

/** Where this package's own code lies, as stacks show it. */
const own = new URL("..", import.meta.url).href;
const ownPath = decodeURIComponent(new URL(own).pathname);

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
  return frame.includes(own) || frame.includes(ownPath) || frame.includes("node:internal") || frame.includes("(<anonymous>)");
}
