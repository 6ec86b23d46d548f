import type { Client, Commands, Scripts } from "../../redis/index.ts";
import { failScript, failedScript, releaseScript, storeScript, succeedScript } from "./scripts.ts";

/** Scripts as commands: keys first, then arguments. */
export interface ScriptCommands {
  ligatureStore(result: string, json: Uint8Array, seconds: number): Promise<unknown>;
  ligatureSucceed(...keysAndArguments: (string | number)[]): Promise<ClaimAnswer | null>;
  ligatureFail(...keysAndArguments: (string | number)[]): Promise<ClaimAnswer | null>;
  ligatureFailed(...keysAndArguments: (string | number)[]): Promise<unknown>;
  ligatureRelease(...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/** What is to be done by a chord's member that has ended, if anything: see the scripts. */
export type ClaimAnswer =
  | readonly ["held"]
  | readonly ["fail", error: string]
  | readonly ["join", size: number, entries: readonly string[], annotations: readonly string[]];

export const resultScripts: Scripts = {
  ligatureStore: { lua: storeScript, numberOfKeys: 1 },
  ligatureSucceed: { lua: succeedScript, numberOfKeys: 5 },
  ligatureFail: { lua: failScript, numberOfKeys: 5 },
  ligatureFailed: { lua: failedScript, numberOfKeys: 5 },
  ligatureRelease: { lua: releaseScript, numberOfKeys: 5 },
};

export type ResultClient = Client<ScriptCommands>;
export type ResultCommands = Commands<ScriptCommands>;
