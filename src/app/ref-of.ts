import { LigatureError } from "../errors/index.ts";
import type { ContractRef } from "../signature/index.ts";

/** What is in a generated contract. @throws LigatureError `INVALID_OPTION` for anything else */
export function refOf(contract: unknown, where: string): ContractRef {
  if (typeof contract === "object" && contract !== null) {
    if ("~generated" in contract) return contract["~generated"] as ContractRef;
    if ("~contract" in contract) {
      throw new LigatureError(
        "INVALID_OPTION",
        `${where} takes a generated contract: import it from the contract package itself, not from its contract.ts. Run \`ligature gen\` if it has none.`,
      );
    }
  }
  throw new LigatureError(
    "INVALID_OPTION",
    `${where} takes a generated contract, got ${contract === null ? "null" : typeof contract}.`,
  );
}
