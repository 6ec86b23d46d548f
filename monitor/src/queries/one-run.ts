import type { Database } from "../store/index.ts";
import { runColumns, type Run } from "./run.ts";

export interface RunEvent {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly host: string;
  readonly retries: number | null;
  readonly exception: string | null;
  readonly traceback: string | null;
  readonly progress: unknown;
}

export interface RunDetails extends Run {
  readonly args: string | null;
  readonly kwargs: string | null;
  readonly result: string | null;
  readonly traceback: string | null;
  readonly contract: string | null;
  readonly size: number | null;
}

export interface OneRun {
  readonly run: RunDetails;
  /** What was said of it, the oldest first; five hundred at most, progress left out where there is more. */
  readonly events: readonly RunEvent[];
  readonly children: readonly Run[];
}

export async function oneRun(database: Database, id: string): Promise<OneRun | undefined> {
  const [run] = await database.query<RunDetails>(
    `select ${runColumns}, args, kwargs, result, traceback, contract, size from runs where id = $1`,
    [id],
  );
  if (run === undefined) return undefined;
  const [events, children] = await Promise.all([
    database.query<RunEvent>(
      `select type, (extract(epoch from at) * 1000)::float8 as at, host, retries, details ->> 'exception' as exception,
         details ->> 'traceback' as traceback, details -> 'progress' as progress
       from (select * from events where run = $1 order by type = 'task-progress', at desc limit 500) as newest
       order by at, retries, array_position(array['task-sent', 'task-received', 'task-started'], type)`,
      [id],
    ),
    database.query<Run>(`select ${runColumns} from runs where root_id = $1 and parent_id = $2 order by first_at, id limit 100`, [
      run.rootId ?? run.id,
      id,
    ]),
  ]);
  return { run, events, children };
}

/** Tasks that were running when the monitor stopped, the latest first. */
export async function openRuns(database: Database): Promise<
  readonly {
    readonly id: string;
    readonly name: string | undefined;
    readonly host: string;
    readonly since: number;
    readonly retries: number;
    readonly progress: string | undefined;
  }[]
> {
  const rows = await database.query<Run>(
    `select ${runColumns} from runs where rank = 3 and first_at > now() - interval '2 days' order by first_at desc limit 5000`,
  );
  return rows.map(({ id, name, host, startedAt, firstAt, retries, progress }) => ({
    id,
    name: name ?? undefined,
    host: host ?? "",
    since: startedAt ?? firstAt,
    retries,
    progress: progress === null ? undefined : JSON.stringify(progress),
  }));
}
