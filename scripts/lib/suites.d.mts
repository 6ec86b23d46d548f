import type { ProgramName } from "./programs.mjs";

export interface Suite {
  readonly name: string;
  readonly services?: readonly ("rabbitmq" | "redis")[];
  /** Projects of vitest. @default the one of its name */
  readonly projects?: readonly string[];
  readonly inRoot?: boolean;
  /** Mostly waits, and runs beside others. */
  readonly waits?: boolean;
  /** Why it runs only when it is asked for by its name. */
  readonly onlyWhenNamed?: string;
  readonly programs?: readonly ProgramName[];
}

export const suites: readonly Suite[];
export const urlVariables: Readonly<Record<"rabbitmq" | "redis", string>>;
export function programsOf(suite: Suite): ProgramName[];
