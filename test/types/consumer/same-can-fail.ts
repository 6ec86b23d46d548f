import { same } from "./same.ts";

same<string, string>(true);
// @ts-expect-error Different types.
same<string, number>(true);
// @ts-expect-error `any` is no wildcard.
same<string, any>(true);
// @ts-expect-error Nor is it in a member.
same<{ a: string }, { a: any }>(true);
// @ts-expect-error A subtype isn't the same type.
same<"a", string>(true);
// @ts-expect-error Nor is the absence of a type.
same<string, never>(true);
