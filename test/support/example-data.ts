import { cp } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "../../examples/dist/catalog/database.js";

/**
 * Data folders for the example system, each with a database that has nothing in it yet: setting one up takes
 * seconds, copying it doesn't.
 */
export class ExampleData {
  readonly #root: string;
  readonly #folders = new Map<string, Promise<string>>();

  private constructor(root: string) {
    this.#root = root;
  }

  static async in(root: string): Promise<ExampleData> {
    const database = await openDatabase({ folder: join(root, "template", "catalog") });
    await database.close();
    return new ExampleData(root);
  }

  /** The folder of this name; the same one each time. */
  folder(name: string): Promise<string> {
    const known = this.#folders.get(name);
    if (known !== undefined) return known;
    const path = join(this.#root, name);
    const made = cp(join(this.#root, "template"), path, { recursive: true }).then(() => path);
    this.#folders.set(name, made);
    return made;
  }
}
