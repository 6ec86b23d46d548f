import { count, link } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import type { SearchQuery } from "./search-page.tsx";

/** Asks before everything that fits a filter is revoked. */
export function RevokePage(props: {
  readonly page: PageContext;
  readonly query: SearchQuery;
  /** Those that haven't ended. */
  readonly matches: number;
  /** No more than these are revoked at a time. */
  readonly limit: number;
}): Html {
  const { page, query, matches, limit } = props;
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return (
    <Layout page={page} title="Revoke" section="/search">
      <h1>Revoke</h1>
      <section class="panel stack" aria-label="What will be revoked">
        <p>
          {matches >= limit ? `${count(limit)} or more` : count(matches)}{" "}
          {matches === 1 ? "task that hasn't" : "tasks that haven't"} ended{" "}
          {given.length === 0
            ? "(all of them: there is no filter)"
            : `with ${given.map(([name, value]) => `${name} "${value}"`).join(", ")}`}
          .{matches >= limit && ` The newest ${count(limit)} are revoked; do it again for the rest.`}
        </p>
        {matches > 0 && (
          <form method="post" action={`${page.base}/revoke`} class="buttons">
            <input type="hidden" name="all" value="yes" />
            {given.map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <label>
              <input type="checkbox" name="terminate" value="yes" /> Stop those that run, too
            </label>
            <button type="submit" class="danger">
              Revoke them
            </button>
          </form>
        )}
        <a href={link(`${page.base}/search`, query)}>Back</a>
      </section>
    </Layout>
  );
}
