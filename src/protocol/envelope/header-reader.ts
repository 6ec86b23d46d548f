import { parseIsoDate } from "./iso-date.ts";
import { longestGroupId, shortTextProblem } from "./short-text.ts";
import { isList, kindOf, unreadable } from "./unreadable.ts";

/** Longer than any id, task name or fingerprint that somebody meant. */
const longestText = 1024;

/** Typed access to headers that anybody may have written. Absent and null (Celery's None) are the same. */
export class HeaderReader {
  readonly #headers: Readonly<Record<string, unknown>>;

  constructor(headers: Readonly<Record<string, unknown>>) {
    this.#headers = headers;
  }

  text(name: string, longest: number = longestText): string | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw wrong(name, "a string", value);
    if (value.length > longest) throw unreadable(`Header "${name}"`, `has ${value.length} characters; ${longest} are allowed.`);
    return value === "" ? undefined : value;
  }

  /** A group's id: the queue that joins its results is named after it. */
  groupId(name: string): string | undefined {
    return this.#short(name, longestGroupId);
  }

  /** The id of a task; results carry it as a property, and are routed by it. */
  requiredId(name: string): string {
    const value = this.required(name);
    return this.#short(name) ?? value;
  }

  #short(name: string, longest?: number): string | undefined {
    const value = this.text(name);
    const problem = value === undefined ? undefined : shortTextProblem(value, longest);
    if (problem !== undefined) throw unreadable(`Header "${name}"`, `${problem}.`);
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw unreadable(`Header "${name}"`, "is missing: this is no message of Celery's protocol 2.");
    return value;
  }

  count(name: string): number | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw wrong(name, "a whole number, 0 or more", value);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== "boolean") throw wrong(name, "a boolean", value);
    return value;
  }

  date(name: string): Date | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const time = parseIsoDate(text);
    if (time === undefined) throw wrong(name, "an ISO 8601 date and time", text);
    return new Date(time);
  }

  /** A moment in epoch milliseconds, also as digits: see `ligatureHeaders.deadline`. */
  moment(name: string): number | undefined {
    const value = this.#read(name);
    const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
    if (number === undefined) return undefined;
    if (typeof number !== "number" || !Number.isInteger(number) || Math.abs(number) > 8.64e15) {
      throw wrong(name, "epoch milliseconds", value);
    }
    return number;
  }

  /** Celery's `[hard, soft]` in seconds, as milliseconds; 0 is no limit, as in Celery. */
  timeLimit(name: string): { readonly soft: number | undefined; readonly hard: number | undefined } {
    const value = this.#read(name);
    if (value === undefined) return none;
    if (!isList(value) || value.length !== 2) throw wrong(name, "[hard, soft] in seconds", value);
    const [hard, soft] = value.map((limit) => {
      if (limit === null || limit === undefined || limit === 0) return undefined;
      if (typeof limit !== "number" || !(limit > 0)) throw wrong(name, "[hard, soft] in seconds", value);
      return Math.round(limit * 1000);
    });
    return hard === undefined && soft === undefined ? none : { soft, hard };
  }

  #read(name: string): unknown {
    const value = Object.hasOwn(this.#headers, name) ? this.#headers[name] : undefined;
    return value === null ? undefined : value;
  }
}

const none = Object.freeze({ soft: undefined, hard: undefined });

function wrong(name: string, expected: string, value: unknown): Error {
  const given = typeof value === "string" || typeof value === "number" ? JSON.stringify(value).slice(0, 100) : kindOf(value);
  return unreadable(`Header "${name}"`, `must be ${expected}, not ${given}.`);
}
