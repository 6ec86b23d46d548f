import type { ImportRecord } from "@example/catalog";
import type { ProcessedFile } from "@example/processing";
import type { Database, Query } from "./database.ts";
import { Files, type StoredFile } from "./files.ts";

/** An import as the service itself sees it. */
export interface StoredImport extends Pick<ImportRecord, "id" | "folder" | "state" | "reason" | "addedAt" | "finishedAt"> {
  /** The id of the request that asked for it. */
  request: string;
  owner: string;
}

export interface NewImport {
  readonly request: string;
  readonly folder: string;
  readonly owner: string;
  /** The files' paths. They keep this order. */
  readonly paths: readonly string[];
}

/** How many refused files a record names; the counts tell of all. */
const namedRefusals = 100;

const columns = `id, request, folder, owner, state, reason, added_at as "addedAt", finished_at as "finishedAt"`;

/**
 * The table of imports, and the files that belong to them. As with single files: every change can be made twice and
 * in any order, and an import that is SUCCESS or FAILED stays as it is.
 */
export class Imports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The import that this request made before, if it did. */
  async find(request: string): Promise<StoredImport | undefined> {
    const [row] = await this.#query<Row>(`select ${columns} from imports where request = $1`, [request]);
    return row && fromRow(row);
  }

  async get(id: number): Promise<StoredImport | undefined> {
    const [row] = await this.#query<Row>(`select ${columns} from imports where id = $1`, [id]);
    return row && fromRow(row);
  }

  /** The import with all its files, or nothing of it. The one that this request made before stays as it was. */
  async add({ request, folder, owner, paths }: NewImport): Promise<StoredImport> {
    await this.#database.transaction(async (query) => {
      const [made] = await query<{ id: number }>(
        "insert into imports (request, folder, owner) values ($1, $2, $3) on conflict (request) do nothing returning id",
        [request, folder, owner],
      );
      if (made === undefined) return;
      await query(
        `insert into files (request, path, owner, import_id)
         select $1 || '/' || place, path, $2, $3 from unnest($4::text[]) with ordinality as given (path, place) order by place`,
        [request, owner, made.id, paths],
      );
    });
    const stored = await this.find(request);
    if (stored === undefined) throw new Error("an import that was just added is gone");
    return stored;
  }

  /** In the folder's order. */
  filesOf(id: number): Promise<StoredFile[]> {
    return new Files(this.#query).ofImport(id);
  }

  /** Its end may have overtaken this. */
  async markRunning(id: number): Promise<void> {
    await this.#query("update imports set state = 'RUNNING' where id = $1 and state = 'PENDING'", [id]);
  }

  /**
   * The import in its final state; undefined when there is none. Its files succeed with it: what processing found is
   * here, whether their own callbacks have come by now or not.
   */
  async succeed(id: number, files: readonly ProcessedFile[]): Promise<StoredImport | undefined> {
    await this.#database.transaction(async (query) => {
      const changed = await query<object>(
        "update imports set state = 'SUCCESS', finished_at = now() where id = $1 and finished_at is null returning id",
        [id],
      );
      if (changed.length > 0) await new Files(query).succeedOfImport(id, files);
    });
    return this.get(id);
  }

  /** As {@link succeed}. Says nothing of the files: each of them ends on its own. */
  async fail(id: number, reason: string): Promise<StoredImport | undefined> {
    await this.#query(
      "update imports set state = 'FAILED', reason = $2, finished_at = now() where id = $1 and finished_at is null",
      [id, reason],
    );
    return this.get(id);
  }

  /** The import and what its files add up to, at one moment. */
  record(id: number): Promise<ImportRecord | undefined> {
    return this.#database.transaction(async (query) => {
      // One statement sees one moment; what is named below can only be newer.
      const [row] = await query<Row & Sums>(
        `select ${columns}, sums.* from imports, lateral (
           select count(*) filter (where files.state = 'PENDING')::integer as pending,
                  count(*) filter (where files.state = 'PROCESSING')::integer as processing,
                  count(*) filter (where files.state = 'SUCCESS')::integer as success,
                  count(*) filter (where files.state = 'FAILED')::integer as failed,
                  coalesce(sum(files.rows) filter (where files.state = 'SUCCESS'), 0)::float8 as rows,
                  coalesce(sum(files.bytes) filter (where files.state = 'SUCCESS'), 0)::float8 as bytes
           from files where files.import_id = imports.id) as sums
         where imports.id = $1`,
        [id],
      );
      if (row === undefined) return undefined;
      const { pending, processing, success, failed, rows, bytes } = row;
      const refused = await query<ImportRecord["refused"][number]>(
        `select id as "fileId", path, coalesce(reason, '') as reason from files
         where import_id = $1 and state = 'FAILED' order by id limit ${namedRefusals}`,
        [id],
      );
      const { request: _, owner: __, ...known } = fromRow(row);
      return { ...known, files: { pending, processing, success, failed }, rows, bytes, refused };
    });
  }

  get #query(): Query {
    return this.#database.query;
  }
}

interface Row {
  id: number;
  request: string;
  folder: string;
  owner: string;
  state: ImportRecord["state"];
  reason: string | null;
  addedAt: Date;
  finishedAt: Date | null;
}

interface Sums {
  pending: number;
  processing: number;
  success: number;
  failed: number;
  rows: number;
  bytes: number;
}

function fromRow({ id, request, folder, owner, state, reason, addedAt, finishedAt }: Row): StoredImport {
  return {
    id,
    request,
    folder,
    owner,
    state,
    reason: reason ?? undefined,
    addedAt,
    finishedAt: finishedAt ?? undefined,
  };
}
