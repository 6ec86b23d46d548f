/** The system could not do its work, for a reason that the user can do something about. Shown as one line, without a stack. */
export class Failure extends Error {
  override readonly name = "Failure";
}
