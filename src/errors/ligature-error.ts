import { errorCodes, type ErrorCode, type ErrorCodeInfo } from "./codes.ts";

/** A `Symbol.for` brand instead of a prototype: two copies of this package, or two realms, still agree. */
const brand: unique symbol = Symbol.for("ligature.error") as never;

export interface LigatureErrorOptions {
  readonly cause?: unknown;
  /** Machine-readable facts, such as zod's issues; safe to log. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Everything that Ligature itself raises. `code` is one of a closed table; {@link LigatureError.info} says
 * whether the handler may have run and whether a retry is safe.
 */
export class LigatureError extends Error {
  override readonly name: string = "LigatureError";
  readonly code: ErrorCode;
  /** The message without the `[CODE]` prefix that logs show. Not enumerable: an error that is printed says it once. */
  declare readonly rawMessage: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: LigatureErrorOptions = {}) {
    super(`[${code}] ${message}`, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    Object.defineProperty(this, "rawMessage", { value: message });
    this.details = options.details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** What the code implies: who raised it, whether the handler ran, whether a retry is safe. */
  get info(): ErrorCodeInfo {
    const info = errorCodes[this.code];
    // A request that expired was perhaps running before, in a worker that was lost.
    return this.details?.["ran"] === "maybe" && info.ran === "no" ? { ...info, ran: "maybe", retrySafe: false } : info;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== LigatureError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** How Node prints it: with all of its details, such as a schema's issues, which lie deeper than Node looks by itself. */
function inspected(
  this: LigatureError,
  depth: number,
  options: object,
  inspect?: (value: unknown, options: object) => string,
): string {
  if (inspect === undefined || depth < 0) return String(this);
  return inspect(this, { ...options, depth: Math.max(depth, 8), customInspect: false });
}
Object.defineProperty(LigatureError.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: inspected });
