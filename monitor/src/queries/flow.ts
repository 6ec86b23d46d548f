import type { Database } from "../store/index.ts";
import { runColumns, type Run } from "./run.ts";

export interface Flow {
  readonly rootId: string;
  /** In the order in which they were heard of. */
  readonly runs: readonly Run[];
  /** There are more than are shown. */
  readonly isCut: boolean;
  /** What was said of them, for what they were at a moment. Times are epoch milliseconds. */
  readonly events: readonly FlowEvent[];
}

export interface FlowEvent {
  readonly run: string;
  readonly type: string;
  readonly at: number;
  readonly retries: number | null;
}

/** A graph of more is no help to anybody. */
export const maxRuns = 500;
const maxEvents = 10_000;

/** All tasks of a workflow. @param id of any of them */
export async function flow(database: Database, id: string): Promise<Flow | undefined> {
  const [one] = await database.query<{ root: string }>("select coalesce(root_id, id) as root from runs where id = $1", [id]);
  const rootId = one?.root ?? id;
  const found = await database.query<Run>(
    `select ${runColumns} from runs where root_id = $1 or id = $1 order by first_at, id limit ${maxRuns + 1}`,
    [rootId],
  );
  if (found.length === 0) return undefined;
  const runs = found.slice(0, maxRuns);
  const events = await database.query<FlowEvent>(
    `select run, type, (extract(epoch from at) * 1000)::float8 as at, retries from events
     where run = any(select jsonb_array_elements_text($1::jsonb)) and type <> 'task-progress' order by at limit ${maxEvents}`,
    [JSON.stringify(runs.map((run) => run.id))],
  );
  return { rootId, runs, isCut: found.length > maxRuns, events };
}
