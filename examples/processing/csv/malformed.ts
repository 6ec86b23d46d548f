/** A file stops being valid CSV at a byte offset. Counting lines is left to whoever reports it: valid files need none. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly offset: number;
  readonly reason: string;

  constructor(offset: number, reason: string, options?: ErrorOptions) {
    super(`at byte ${offset}: ${reason}`, options);
    this.offset = offset;
    this.reason = reason;
  }
}
