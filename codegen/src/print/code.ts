import { GenMapping, addMapping, toEncodedMap } from "@jridgewell/gen-mapping";
import type { Origin } from "../model/origin.ts";

/** A piece of generated text; a name may say where it comes from. */
export type Part = string | { readonly text: string; readonly origin: Origin | undefined };

/** A name that leads back to its source. */
export function mapped(text: string, origin: Origin | undefined): Part {
  return { text, origin };
}

/** Text under construction, with a declaration map beside it. */
export class Code {
  readonly #map: GenMapping;
  readonly #folder: string;
  #text = "";
  #line = 0;
  #column = 0;

  /** @param folder the way from the generated file's folder to the package: `../` */
  constructor(file: string, folder: string) {
    this.#map = new GenMapping({ file });
    this.#folder = folder;
  }

  /** Appends one line. */
  line(...parts: readonly Part[]): void {
    for (const part of parts) this.#part(part);
    this.#append("\n");
  }

  text(): string {
    return this.#text;
  }

  /** The declaration map; its first field says who made it, in the way that the format has for extensions. */
  map(header: string): string {
    const { version, file, sources, mappings } = toEncodedMap(this.#map);
    return `${JSON.stringify({ x_generated: header, version, file, sources, names: [], mappings })}\n`;
  }

  #part(part: Part): void {
    if (typeof part === "string") return this.#append(part);
    const { text, origin } = part;
    this.#segment(origin, 0);
    this.#append(text);
    // The end as well: an editor that looks up a range needs both.
    this.#segment(origin, origin?.length ?? 0);
  }

  #segment(origin: Origin | undefined, offset: number): void {
    if (origin === undefined) return;
    addMapping(this.#map, {
      generated: { line: this.#line + 1, column: this.#column },
      source: this.#folder + origin.file,
      original: { line: origin.line + 1, column: origin.column + offset },
    });
  }

  #append(text: string): void {
    this.#text += text;
    const lastBreak = text.lastIndexOf("\n");
    if (lastBreak < 0) this.#column += text.length;
    else {
      this.#line += text.split("\n").length - 1;
      this.#column = text.length - lastBreak - 1;
    }
  }
}
