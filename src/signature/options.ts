import type { Duration } from "../contract/index.ts";
import { checkKnown, optionsObject, refuseOption, type OptionPlace } from "../options/index.ts";

/** How and when a signature is sent; merged over what its contract says. */
export interface SignatureOptions {
  /** Another queue than the contract's. It must exist. */
  readonly queue?: string;
  /** 0 to 255; needs a queue with priorities. */
  readonly priority?: number;
  /** Not before this much time has passed. Not together with `eta`. */
  readonly countdown?: Duration;
  /** Not before this moment. */
  readonly eta?: Date;
  /** Not started after this long, or after this moment. */
  readonly expires?: Duration | Date;
  /** Extra message headers; the names `ligature-…` and Celery's own are refused. */
  readonly headers?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A delay applies to what starts first, everything else to each task. */
export function mergeOptions(old: SignatureOptions, added: SignatureOptions, isStart: boolean): SignatureOptions {
  const { countdown, eta, ...everywhere } = added;
  const merged: { -readonly [K in keyof SignatureOptions]: SignatureOptions[K] } = { ...old, ...everywhere };
  if (added.headers !== undefined) merged.headers = { ...old.headers, ...added.headers };
  if (isStart && countdown !== undefined) {
    merged.countdown = countdown;
    delete merged.eta;
  }
  if (isStart && eta !== undefined) {
    merged.eta = eta;
    delete merged.countdown;
  }
  return merged;
}

const knownOptions = ["queue", "priority", "countdown", "eta", "expires", "headers"] satisfies (keyof SignatureOptions)[];

const place: OptionPlace = { prefix: "set(): " };

export function checkOptions(options: SignatureOptions): void {
  optionsObject(options, "set() needs an object of options.");
  checkKnown(options, knownOptions, "set()", place);
  if (options.countdown !== undefined && options.eta !== undefined) {
    refuseOption(place, "eta", "set(): give countdown or eta, not both.");
  }
}
