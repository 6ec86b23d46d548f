import { SuperJSON } from "superjson";
import { base64Value, readTypedValue } from "./typed-values.ts";

/** Our own instance: superjson's default one is global, and a class that somebody registers there would change our wire. */
export const superjson: SuperJSON = new SuperJSON({ dedupe: false });

/** Bytes go as kombu's typed value base64, which Python reads as bytes, instead of superjson's array of numbers. */
superjson.registerCustom<Uint8Array, { readonly __type__: string; readonly __value__: string }>(
  {
    isApplicable: (value): value is Uint8Array => value instanceof Uint8Array,
    serialize: base64Value,
    deserialize: (typed) => {
      const bytes = readTypedValue(typed, undefined);
      if (bytes instanceof Uint8Array) return bytes;
      throw new TypeError("bytes must be a base64 envelope");
    },
  },
  "bytes",
);

/** Negative zero goes as 0, which is what it is to Python, instead of superjson's string "-0". */
superjson.registerCustom<number, number>(
  { isApplicable: (value): value is number => value === 0 && 1 / Number(value) < 0, serialize: () => 0, deserialize: () => -0 },
  "-0",
);
