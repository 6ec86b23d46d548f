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
  /** The message without the `[CODE]` prefix that logs show. */
  readonly rawMessage: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: LigatureErrorOptions = {}) {
    super(`[${code}] ${message}`, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.rawMessage = message;
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
