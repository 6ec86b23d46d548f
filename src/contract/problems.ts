import { LigatureError } from "../errors/index.ts";

/** Gathers what is wrong with a contract, so that its author is told all of it at once. */
export class Problems {
  readonly #found: LigatureError[] = [];

  /** What `make` gives; `otherwise`, to go on with, when it refuses. */
  try<T>(make: () => T, otherwise: T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof LigatureError) || error.code !== "INVALID_CONTRACT") throw error;
      this.#found.push(error);
      return otherwise;
    }
  }

  /** @throws LigatureError `INVALID_CONTRACT` for what was found; of several, `details.problems` has path and message of each. */
  throwAny(): void {
    const [first, second] = this.#found;
    if (first === undefined) return;
    if (second === undefined) throw first;
    const problems = this.#found.map(({ rawMessage, details }) => ({ path: details?.["path"] ?? [], message: rawMessage }));
    throw new LigatureError("INVALID_CONTRACT", problems.map(({ message }) => message).join("\n"), {
      details: { path: problems[0]?.path, problems },
    });
  }
}
