import type { ImmutableSignature, Signature } from "./signature.ts";

/** Any signature, whatever it waits for. */
export type AnySignature = Signature<never, unknown>;

/** What a signature waits for. */
export type InOf<S> = S extends Signature<infer In, unknown> ? In : never;

/** What it returns. */
export type OutOf<S> = S extends { readonly "~out"?: (() => infer Out) | undefined } ? Out : never;

/** What each of several returns: a tuple for a tuple, an array for an array. */
export type OutsOf<Members extends readonly AnySignature[]> = { -readonly [N in keyof Members]: OutOf<Members[N]> };

/** What all of several wait for: the one type that each of them takes. */
export type SharedIn<S> = [S] extends [{ readonly "~in"?: ((input: infer In) => void) | undefined }] ? In : never;

/** What the body of a chord receives. */
export type HeaderOuts<Header> = Header extends readonly AnySignature[] ? OutsOf<Header> : OutOf<Header>;

/** A chord waits for what its header waits for. */
export type Waiting<Header, Result> = [Header] extends [ImmutableSignature<unknown> | readonly ImmutableSignature<unknown>[]]
  ? ImmutableSignature<Result>
  : Signature<SharedIn<Header extends readonly unknown[] ? Header[number] : Header>, Result>;
