import type { Logger } from "../logging/index.ts";
import type { WorkerOptions } from "../worker/index.ts";
import type { App } from "./app.ts";

/** What the program that was asked to run a module's workers has to say about them. */
export interface Launch {
  /** For apps that bring no logger. */
  readonly log: Logger;
  /** Options in place of those that the module gives. */
  workerOptions(app: string, given: WorkerOptions): WorkerOptions;
  /** Told of each app that is created. */
  onApp(app: App): void;
}

/** One per process, also when this package is loaded twice: the command may be of another copy than the module's. */
const slot: unique symbol = Symbol.for("ligature.launch") as never;
const holder = globalThis as { [slot]?: Launch };

export function launch(): Launch | undefined {
  return holder[slot];
}

/** Has an effect on the apps that are created from now on. */
export function setLaunch(settings: Launch): void {
  holder[slot] = settings;
}
