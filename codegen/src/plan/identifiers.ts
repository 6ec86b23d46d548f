import { reservedWords } from "ligature/contract";

/** Words that TypeScript doesn't let a type be called. */
const reservedTypes: ReadonlySet<string> = new Set(
  "any asserts bigint boolean infer is keyof never number object readonly string symbol unique unknown void".split(" "),
);

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

export function canNameVariable(name: string): boolean {
  return isIdentifier(name) && !reservedWords.has(name);
}

/** A parameter's label in a tuple; some reserved words don't parse there, and no parameter's name has a `$`. */
export function labelOf(parameter: string): string {
  return reservedWords.has(parameter) ? `${parameter}$` : parameter;
}

export function canNameType(name: string): boolean {
  return canNameVariable(name) && !reservedTypes.has(name);
}

/** `fileSchema` becomes `FileSchema`: types are written so. */
export function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** Hands out names of one scope, each once. */
export class Names {
  readonly #taken = new Set<string>();

  /** The first of the candidates that is free; when none is, the first with a number behind a `$`. */
  claim(...candidates: readonly [string, ...string[]]): string {
    const numbered = function* (): Generator<string> {
      yield* candidates.filter(canNameType);
      for (let number = 1; ; number++) yield `${candidates[0].replaceAll(/[^\p{ID_Continue}$]/gu, "_")}$${number}`;
    };
    for (const name of numbered()) {
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
    throw new Error("unreachable: there are always more numbers");
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }
}
