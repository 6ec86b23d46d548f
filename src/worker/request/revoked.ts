import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { Revocations } from "./revocations.ts";
import { RevokedStamps } from "./revoked-stamps.ts";

/** Everything that a worker knows to have been revoked. */
export class Revoked {
  readonly ids: Revocations;
  /** Of workflows that were called off as a whole. */
  readonly roots: Revocations;
  readonly stamps: RevokedStamps = new RevokedStamps();

  constructor(log: Logger) {
    this.ids = new Revocations(log);
    this.roots = new Revocations(log);
  }

  has(
    {
      id,
      rootId,
      stamps,
    }: { readonly id: string; readonly rootId: string; readonly stamps: ReadonlyMap<string, readonly unknown[]> },
    now: number,
  ): boolean {
    return this.ids.has(id, now) || this.roots.has(rootId, now) || this.stamps.hasAny(stamps);
  }

  /** The end of a request that runs, when its workflow has been called off meanwhile. */
  workflow({ rootId, task }: { readonly rootId: string; readonly task: string }): LigatureError | undefined {
    if (!this.roots.has(rootId, Date.now())) return undefined;
    return new LigatureError("REVOKED", `The workflow of ${rootId} was revoked while ${task} ran.`);
  }
}
