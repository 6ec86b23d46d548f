import { inspect, types } from "node:util";
import { isDeclaredError, TaskError } from "../../errors/index.ts";
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

/** Never throws, not even over getters and proxies: tells what can be told. */
export function describeThrown(thrown: unknown): Thrown {
  const message = textIn(thrown, "message");
  if (message !== undefined || types.isNativeError(thrown)) {
    return {
      name: className(textIn(thrown, "name") ?? "Error"),
      message: bounded(message ?? "(its message can't be read)", longestMessage),
      stack: stackOf(thrown),
    };
  }
  return { name: "NonErrorThrown", message: bounded(shown(thrown), longestMessage), stack: null };
}

/**
 * The same value where it can be looked at without harm, as others will; in place of one that can't (a proxy or a getter
 * that throws), an error that tells what can be told of it.
 */
export function legible(thrown: unknown): unknown {
  if (typeof thrown !== "object" || thrown === null) return thrown;
  try {
    for (const key of looks) void (key in thrown && (thrown as Record<string, unknown>)[key]);
    // A proxy may throw over these as well.
    void (thrown instanceof Error || isDeclaredError(thrown));
    return thrown;
  } catch {
    const { name, message, stack } = describeThrown(thrown);
    return new TaskError({ name, message, remoteStack: stack ?? undefined });
  }
}

/** What is read of an error on its way to others. */
const looks = ["name", "message", "stack", "cause", "code", "data", "details", "rawMessage", "member", "module"] as const;

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return inspect(value, { depth: 2, breakLength: Infinity });
  } catch {
    return "A value was thrown that can't be looked at.";
  }
}

function textIn(value: unknown, key: string): string | undefined {
  const found = memberOf(value, key);
  return typeof found === "string" ? found : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  try {
    return typeof value === "object" && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined;
  } catch {
    return undefined;
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

function stackOf(error: unknown): string | null {
  const parts: string[] = [];
  for (let at = error; parts.length <= mostCauses; at = memberOf(at, "cause")) {
    const stack = textIn(at, "stack");
    if (stack === undefined || stack === "") break;
    parts.push(stack);
  }
  return parts.length === 0 ? null : bounded(parts.join("\nCaused by: "), longestStack);
}
