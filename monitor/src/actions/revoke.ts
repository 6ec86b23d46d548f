import { search, type Filter } from "../queries/index.ts";
import type { Database } from "../store/index.ts";
import { audit } from "./audit.ts";
import type { System } from "./system.ts";

/** How many ids go into one command. */
const atOnce = 1_000;
/** A whole filter revokes so many tasks at most; again for the rest. */
export const maxRevoked = 10_000;

export interface Revocation {
  readonly who: string;
  /** What was chosen, for the audit log. */
  readonly what: string;
  /** Whether those that run are told to stop. */
  readonly terminate: boolean;
}

export interface Revoked {
  readonly told: number;
  /** Why the rest wasn't. */
  readonly problem: string | undefined;
}

/**
 * Tells all workers not to start these tasks. It is written down before it is done, and what became of it after that.
 * @throws DatabaseProblem when it can't be written down; then nothing is done
 */
export async function revokeAll(
  database: Database,
  system: System,
  ids: readonly string[],
  revocation: Revocation,
): Promise<Revoked> {
  const { who, what, terminate } = revocation;
  const act = terminate ? "revoke and stop" : "revoke";
  await audit(database, { who, act, target: what, outcome: `begun: ${ids.length} tasks` });
  let told = 0;
  let problem: string | undefined;
  for (let from = 0; from < ids.length && problem === undefined; from += atOnce) {
    const part = ids.slice(from, from + atOnce);
    try {
      await system.revoke(part, terminate);
      told += part.length;
    } catch (error) {
      problem = (error as Error).message;
    }
  }
  const outcome =
    problem === undefined ? `workers were told: ${told} tasks` : `told of ${told} of ${ids.length} tasks, then: ${problem}`;
  await audit(database, { who, act, target: what, outcome });
  return { told, problem };
}

/** The tasks of a filter that haven't ended, newest first. */
export async function openIds(database: Database, filter: Filter): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await search(database, { ...filter, isOpen: true }, after);
    ids.push(...page.runs.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined && ids.length < maxRevoked);
  return ids.slice(0, maxRevoked);
}

/** The tasks of a workflow that haven't ended. */
export async function openIdsOfFlow(database: Database, rootId: string): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `select id from runs where (root_id = $1 or id = $1) and rank < 5 order by first_at limit ${maxRevoked}`,
    [rootId],
  );
  return rows.map(({ id }) => id);
}
