import type { Display } from "./display.ts";
import { LiveDisplay } from "./live-display.ts";
import { PlainDisplay } from "./plain-display.ts";

/** A live display on a terminal, occasional lines elsewhere. */
export function createDisplay(stream: NodeJS.WriteStream): Display {
  return stream.isTTY && process.env["TERM"] !== "dumb" ? new LiveDisplay(stream) : new PlainDisplay(stream);
}
