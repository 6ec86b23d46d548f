import type { Origin } from "../model/origin.ts";
import type { ContractPackage } from "../workspace/index.ts";
import { Place } from "./schema/index.ts";
import { ContractSource } from "./source/index.ts";

/**
 * Finds positions in a contract's source by name alone, without running it: of a task, a part of it, and what is
 * inside that part. A name that can't be followed leads to the nearest place around it.
 */
export function findSpot(
  contract: ContractPackage,
  contractName: string,
): (names: readonly (string | undefined)[]) => Origin | undefined {
  const source = new ContractSource(contract);
  const calls = source.contractCalls();
  const call = calls.find(({ arguments: [name] }) => name?.getText().slice(1, -1) === contractName) ?? calls[0];
  return ([task, ...inside]) => {
    if (call === undefined) return undefined;
    if (task === undefined) return source.position(call);
    const root = new Place(source, contractName, call.arguments[1]).task(task);
    let place = root;
    for (const name of inside) if (name !== undefined) place = place.prop(name);
    return place.nearest();
  };
}
