import type { ProgramName } from "./programs.mjs";

export interface Suite {
  readonly name: string;
  readonly services?: readonly ("rabbitmq" | "redis")[];
  readonly programs?: readonly ProgramName[];
}

export const suites: readonly Suite[];
export const urlVariables: Readonly<Record<"rabbitmq" | "redis", string>>;
export function programsOf(suite: Suite): ProgramName[];
