import { inspect } from "node:util";
import { bounded } from "../envelope/index.ts";

/** Characters of an exception's message. */
export const longestMessage: number = 64 * 1024;
/** Characters of a stack with its causes. */
export const longestStack: number = 16 * 1024;
/** How many causes of an error are followed. */
const mostCauses = 5;

/** A description of any thrown value. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
}

/** Never throws, not even over getters and proxies. */
export function describeThrown(thrown: unknown): Thrown {
  try {
    if (typeof thrown === "object" && thrown !== null && "message" in thrown && typeof thrown.message === "string") {
      const name = "name" in thrown && typeof thrown.name === "string" ? thrown.name : "Error";
      return { name: className(name), message: bounded(thrown.message, longestMessage), stack: stackOf(thrown) };
    }
    const message = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2, breakLength: Infinity });
    return { name: "NonErrorThrown", message: bounded(message, longestMessage), stack: null };
  } catch {
    return { name: "NonErrorThrown", message: "A value was thrown that can't be looked at.", stack: null };
  }
}

/**
 * A name that Python can make a class of: `type()` refuses NUL and lone surrogates, and an error there leaves the
 * caller's `get()` without an answer.
 */
export function className(name: string): string {
  const cleaned = bounded(name.replaceAll(/[\p{C}\p{Z}]/gu, "_"), 200);
  return cleaned === "" ? "Error" : cleaned;
}

function stackOf(error: object): string | null {
  const parts: string[] = [];
  for (let at: unknown = error; typeof at === "object" && at !== null && parts.length <= mostCauses; at = causeOf(at)) {
    if (!("stack" in at) || typeof at.stack !== "string" || at.stack === "") break;
    parts.push(at.stack);
  }
  return parts.length === 0 ? null : bounded(parts.join("\nCaused by: "), longestStack);
}

function causeOf(error: object): unknown {
  return "cause" in error ? error.cause : undefined;
}
