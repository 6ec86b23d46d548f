import { TaskError } from "./task-error.ts";

const identity: unique symbol = Symbol.for("ligature.chord-error") as never;

/** The member of a chord's header whose failure ended it. */
export interface FailedChordMember {
  /** Its place in the header, from 0; undefined where a Celery worker has told of it. */
  readonly index: number | undefined;
  /** The id of its last task. */
  readonly id: string;
  /** The name of the task that failed; undefined where a Celery worker has told of it. */
  readonly task: string | undefined;
}

export interface ChordErrorInit {
  readonly message: string;
  readonly member: FailedChordMember;
  /** The member's own error, as far as it is known. */
  readonly cause?: unknown;
  readonly remoteStack?: string | undefined;
}

/**
 * A chord's body will not run, since a member of its header has failed. It is what fails the body's result, and what the
 * body's error callbacks see; `cause` is the member's own error.
 */
export class ChordError extends TaskError {
  readonly member: FailedChordMember;

  constructor({ message, member, cause, remoteStack }: ChordErrorInit) {
    super({ name: "ChordError", module: "celery.exceptions", message, remoteStack, ...(cause !== undefined && { cause }) });
    this.member = member;
    Object.defineProperty(this, identity, { value: true });
  }

  /** Also true for an error of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== ChordError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && identity in value;
  }
}
