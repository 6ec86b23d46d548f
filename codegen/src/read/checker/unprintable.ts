/** Thrown where a type can't be printed: why, and the way out, to be read after the place's name. */
export class Unprintable extends Error {
  override readonly name: string = "Unprintable";
}
