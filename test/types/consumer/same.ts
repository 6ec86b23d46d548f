/** True when two types are the same, not merely assignable either way: `any`, readonly and optional count. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when both types are the same. Does nothing. */
export function same<A, B>(_proof: Same<A, B>): void {}
