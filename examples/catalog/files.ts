import type { FileRecord } from "@example/catalog";
import type { ColumnStatistics, ProcessedFile } from "@example/processing";
import type { Query } from "./database.ts";

/** A file as the service itself sees it. */
export interface StoredFile extends Omit<FileRecord, "progress"> {
  /** The id of the request that added it. */
  request: string;
  owner: string;
  /** The import that it came with. */
  importId?: number | undefined;
}

export interface NewFile {
  readonly request: string;
  readonly path: string;
  readonly owner: string;
}

// n.b. bigint comes back as text from one driver and as bigint from the other; a double is exact up to 9 petabytes.
const columns = `id, request, path, owner, state, bytes::float8 as bytes, rows::float8 as rows, checksum, columns, reason,
  import_id as "importId", added_at as "addedAt", finished_at as "finishedAt"`;

/**
 * The table of files. Every change can be made twice and in any order: a request may be delivered again, and a
 * callback may overtake what was said before it. A file that is SUCCESS or FAILED stays as it is.
 */
export class Files {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The file that this request added, now or before. */
  async add({ request, path, owner }: NewFile): Promise<StoredFile> {
    const [row] = await this.#query<Row>(
      `insert into files (request, path, owner) values ($1, $2, $3)
       on conflict (request) do update set request = excluded.request
       returning ${columns}`,
      [request, path, owner],
    );
    if (row === undefined) throw new Error("insert … returning returned no row");
    return fromRow(row);
  }

  /** Files by id, those that exist. */
  async get(ids: readonly number[]): Promise<StoredFile[]> {
    const rows = await this.#query<Row>(`select ${columns} from files where id = any($1::integer[]) order by id`, [ids]);
    return rows.map(fromRow);
  }

  /** In the order of their ids. */
  async ofImport(importId: number): Promise<StoredFile[]> {
    const rows = await this.#query<Row>(`select ${columns} from files where import_id = $1 order by id`, [importId]);
    return rows.map(fromRow);
  }

  async setSize(id: number, bytes: number): Promise<void> {
    await this.#query("update files set bytes = $2 where id = $1 and finished_at is null", [id, bytes]);
  }

  async markStarted(id: number): Promise<void> {
    await this.#query("update files set state = 'PROCESSING' where id = $1 and state = 'PENDING'", [id]);
  }

  /** The file in its final state, whoever came first; undefined when there is no such file. */
  async succeed(
    id: number,
    { bytes, rows, checksum, columns: statistics, finishedAt }: ProcessedFile,
  ): Promise<StoredFile | undefined> {
    await this.#query(
      `update files set state = 'SUCCESS', bytes = $2, rows = $3, checksum = $4, columns = $5::jsonb, finished_at = $6
       where id = $1 and finished_at is null`,
      [id, bytes, rows, checksum, JSON.stringify(statistics), finishedAt],
    );
    return (await this.get([id]))[0];
  }

  /** All files of an import at once, by their paths. */
  async succeedOfImport(importId: number, files: readonly ProcessedFile[]): Promise<void> {
    await this.#query(
      `update files set state = 'SUCCESS', bytes = found.bytes, rows = found.rows, checksum = found.checksum,
              columns = found.columns, finished_at = found."finishedAt"
       from jsonb_to_recordset($2::jsonb)
            as found (path text, bytes bigint, rows bigint, checksum text, columns jsonb, "finishedAt" timestamptz)
       where import_id = $1 and files.path = found.path and finished_at is null`,
      [importId, JSON.stringify(files)],
    );
  }

  /** As {@link succeed}. */
  async fail(id: number, reason: string): Promise<StoredFile | undefined> {
    await this.#query(
      "update files set state = 'FAILED', reason = $2, finished_at = now() where id = $1 and finished_at is null",
      [id, reason],
    );
    return (await this.get([id]))[0];
  }
}

interface Row {
  id: number;
  request: string;
  path: string;
  owner: string;
  state: FileRecord["state"];
  bytes: number | null;
  rows: number | null;
  checksum: string | null;
  columns: ColumnStatistics[] | null;
  reason: string | null;
  importId: number | null;
  addedAt: Date;
  finishedAt: Date | null;
}

function fromRow({ id, request, path, owner, state, addedAt, ...nullable }: Row): StoredFile {
  return {
    id,
    request,
    path,
    owner,
    state,
    addedAt,
    bytes: nullable.bytes ?? undefined,
    rows: nullable.rows ?? undefined,
    checksum: nullable.checksum ?? undefined,
    columns: nullable.columns ?? undefined,
    reason: nullable.reason ?? undefined,
    importId: nullable.importId ?? undefined,
    finishedAt: nullable.finishedAt ?? undefined,
  };
}
