const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break case class continue def del elif else except finally for from global if import " +
    "in is lambda match nonlocal not or pass raise return self try type while with yield"
  ).split(" "),
);

/** Names that annotations use: a method called so would hide them in its class. */
const inAnnotations: ReadonlySet<string> = new Set("bool bytes datetime float int object str".split(" "));

/** What stands in front of type names that aren't declared in the module. */
export const typingNames: readonly string[] = ["Dict", "List", "Literal", "NoReturn", "Optional", "TypedDict", "Union"];

/** `processFile` becomes `process_file`; a keyword gets an underscore, as PEP 8 says. */
export function snakeCase(name: string): string {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  return usable(words.join("_"));
}

/** `process-file` becomes `ProcessFile`. */
export function pascalCase(name: string): string {
  const words = wordsOf(name).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return usable(words.join(""));
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll}|\p{Nd})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\p{Nd}]+/u)
    .filter((word) => word !== "");
}

function usable(name: string): string {
  const start = /^\p{Nd}/u.test(name) || name === "" ? `_${name}` : name;
  return keywords.has(start) || inAnnotations.has(start) ? `${start}_` : start;
}

/** Whether a TypedDict can have a field of this name; a class would change one that begins with two underscores. */
export function canNameField(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !name.startsWith("__") && (!keywords.has(name) || name === "self");
}

/** Hands out names of one scope, each once. */
export class PythonNames {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /** The first of the candidates that is free; when none is, the first with a number. */
  claim(...candidates: readonly [string, ...string[]]): string {
    for (const name of this.#inOrder(candidates)) {
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
    throw new Error("unreachable: there are always more numbers");
  }

  *#inOrder(candidates: readonly [string, ...string[]]): Generator<string> {
    yield* candidates;
    for (let number = 2; ; number++) yield `${candidates[0]}${number}`;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }
}
