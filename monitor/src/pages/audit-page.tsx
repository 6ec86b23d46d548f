import { link } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { Time } from "./parts.tsx";
import { Table } from "./table.tsx";
import type { AuditEntry } from "../actions/index.ts";

export interface AuditProps {
  readonly page: PageContext;
  readonly entries: readonly (AuditEntry & { readonly id: number; readonly at: number })[];
  /** There are older ones. */
  readonly hasMore: boolean;
}

/** Who did what, and what became of it. */
export function AuditPage({ page, entries, hasMore }: AuditProps): Html {
  return (
    <Layout page={page} title="Audit" section="/audit">
      <h1>Audit</h1>
      <section class="panel" aria-labelledby="audit-title">
        <h2 id="audit-title">
          What was done here<small>newest first, UTC</small>
        </h2>
        <Table
          label="Acts"
          none="Nothing yet."
          columns={["When", "Who", "What", "To what", "Outcome"]}
          rows={entries.map(({ at, who, act, target, outcome }) => [
            <Time at={at} now={page.now} />,
            who,
            act,
            <code>{target}</code>,
            outcome,
          ])}
        />
        <div class="more">{hasMore && <a href={link(`${page.base}/audit`, { before: entries.at(-1)?.id })}>Older</a>}</div>
      </section>
    </Layout>
  );
}
