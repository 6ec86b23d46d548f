import { contract, task } from "ligature/contract";
import { z } from "zod";
import { Money } from "./money.ts";

/** A tree that is described by a type alone. */
export interface Branch {
  /** Shown to people. */
  readonly label: string;
  children?: Branch[];
}

type Tree = { left?: Tree; right?: Tree; value: Leaf };
type Leaf = Readonly<Record<"a" | "b", number>> & { c: Uppercase<string> };

enum Level {
  Low = "low",
  High = "high",
}

export const Price = z.custom<`${number} EUR`>((value) => typeof value === "string" && value.endsWith(" EUR"));

export const Custom = z.object({
  price: Price,
  branch: z.custom<Branch>(),
  tree: z.custom<Tree>(),
  custom: z.custom<"high" | 3 | -1n>(),
  partial: z.custom<Partial<Pick<Branch, "label">>>(),
  union: z.custom<string | null | undefined>(),
  optional: z.custom<boolean>().optional(),
  index: z.custom<{ [key: string]: number; known: 1 }>(),
  unknown: z.custom(),
  set: z.custom<ReadonlySet<Date | URL>>(),
  url: z.instanceof(URL),
});

export const AmountText = z.string().transform((text) => new Money(BigInt(text)));

export const custom = contract("custom", {
  tasks: {
    store: task({ params: { value: Custom, amount: AmountText }, returns: Custom }),
    /** An enum's values, for those who don't have the enum. */
    rank: task({ params: { level: z.enum(Level), high: z.custom<Level.High | 3>() } }),
    grow: task({ params: { branch: z.custom<Branch>() }, returns: z.custom<Tree>() }),
  },
});
