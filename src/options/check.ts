import { LigatureError } from "../errors/index.ts";

/** Where options are given, for messages. */
export interface OptionPlace {
  /** Stands before an option's name: `createApp(): `, `catalog.markFailed.retry.` */
  readonly prefix: string;
  /** Of a contract's options: leads codegen to the place in the source. */
  readonly path?: readonly string[];
}

/** @throws LigatureError `INVALID_OPTION`, `details.option` being the name; in a contract `INVALID_CONTRACT` with `details.path` */
export function refuseOption({ path }: OptionPlace, option: string, message: string): never {
  if (path === undefined) throw new LigatureError("INVALID_OPTION", message, { details: { option } });
  throw new LigatureError("INVALID_CONTRACT", message, { details: { path: [...path, option] } });
}

/** @param needs what is asked for: `createApp() needs an object of options.` */
export function optionsObject(options: unknown, needs: string): asserts options is object {
  if (typeof options !== "object" || options === null) throw new LigatureError("INVALID_OPTION", needs);
}

/** Refuses options that nobody reads: a misspelt one would otherwise be left out in silence. */
export function checkKnown(options: object, known: readonly string[], where: string, place: OptionPlace): void {
  for (const option of Object.keys(options)) {
    if (!known.includes(option)) {
      refuseOption(place, option, `${where}: unknown option "${option}". Known: ${known.join(", ")}.`);
    }
  }
}

/** @param max the largest number that is allowed; without it, any that is held exactly */
export function wholeNumber(value: unknown, option: string, place: OptionPlace, min: number, max?: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= (max ?? Number.MAX_SAFE_INTEGER)) {
    return value as number;
  }
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return refuseOption(place, option, `${place.prefix}${option} must be a whole number ${range}, got ${String(value)}.`);
}

export function text(value: unknown, option: string, place: OptionPlace): string {
  if (typeof value === "string" && value !== "") return value;
  const got = value === "" ? "an empty one" : value === null ? "null" : typeof value;
  return refuseOption(
    place,
    option,
    `${place.prefix}${option} must be a string${value === "" ? " that isn't empty" : ""}, got ${got}.`,
  );
}

export function flag(value: unknown, option: string, place: OptionPlace): boolean {
  if (typeof value === "boolean") return value;
  return refuseOption(place, option, `${place.prefix}${option} must be true or false, got ${JSON.stringify(value)}.`);
}

/** @returns undefined for a list without any @throws LigatureError `INVALID_OPTION` */
export function functions(
  value: unknown,
  option: string,
  { prefix }: OptionPlace,
): readonly ((...args: never) => unknown)[] | undefined {
  if (value === undefined) return undefined;
  const place = { prefix };
  if (!Array.isArray(value))
    return refuseOption(place, option, `${prefix}${option} must be an array of functions, got ${typeof value}.`);
  for (const [index, each] of (value as readonly unknown[]).entries()) {
    if (typeof each !== "function") {
      refuseOption(
        place,
        option,
        `${prefix}${option}[${index}] must be a function, got ${each === null ? "null" : typeof each}.`,
      );
    }
  }
  return value.length === 0 ? undefined : [...(value as readonly ((...args: never) => unknown)[])];
}

export function oneOf<const T extends string>(value: unknown, option: string, place: OptionPlace, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const list = allowed.map((each) => `"${each}"`).join(" or ");
  return refuseOption(place, option, `${place.prefix}${option} must be ${list}, got ${JSON.stringify(value)}.`);
}
