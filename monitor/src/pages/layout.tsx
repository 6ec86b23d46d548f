import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { ago, count } from "./format.ts";
import type { Html, PageContext } from "./page.ts";

export const sections = [
  ["", "Now"],
  ["/search", "Search"],
  ["/tasks", "Tasks"],
  ["/queues", "Queues"],
  ["/audit", "Audit"],
] as const;

export interface LayoutProps {
  readonly page: PageContext;
  /** What the page is about; the first words of the title. */
  readonly title: string;
  /** The section's path. */
  readonly section: string;
  /** What became of an act. */
  readonly notice?: { readonly text: string; readonly isBad: boolean } | undefined;
  readonly children: Child;
}

export function Layout({ page, title, section, notice, children }: LayoutProps): Html {
  return (
    <Document page={page} title={title} changes={`${page.base}/changes`}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <a class="brand" href={`${page.base}/`}>
          <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M9.5 12a4 4 0 1 1-2.2-3.6L16.7 15.6A4 4 0 1 0 14.5 12" />
          </svg>
          {page.title}
        </a>
        <nav aria-label="Sections">
          <ul>
            {sections.map(([path, name]) => (
              <li>
                <a href={`${page.base}${path === "" ? "/" : path}`} aria-current={path === section ? "page" : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="who">
          <span>
            {page.who}
            {page.role === "look" && ", may only look"}
          </span>
          {page.canLeave && (
            <form method="post" action={`${page.base}/logout`}>
              <button class="small" type="submit">
                Log out
              </button>
            </form>
          )}
          <button id="live" class="small" type="button" hidden aria-pressed="true" title="Whether this page follows what happens">
            Live
          </button>
        </div>
      </header>
      <div id="status" data-live role="status">
        <Banners page={page} />
      </div>
      {notice !== undefined && (
        <div class={notice.isBad ? "banner bad" : "banner done"} role={notice.isBad ? "alert" : "status"}>
          {notice.text}
        </div>
      )}
      <main id="main" tabindex={-1}>
        {children}
      </main>
    </Document>
  );
}

/** What keeps the monitor from knowing everything. */
function Banners({ page }: { readonly page: PageContext }): Html {
  const { blind, problem, waiting } = page.status;
  return (
    <>
      {blind !== undefined && (
        <p class="banner">
          Nothing is heard from {page.status.source} since {ago(blind.since, page.now)}: {blind.reason}. What follows may be out
          of date.
        </p>
      )}
      {problem !== undefined && (
        <p class="banner bad">
          Nothing can be written to the database ({page.status.database}) since {ago(problem.since, page.now)}: {problem.message}.
          What happens now is shown; {count(waiting)} events wait to be written, and beyond that only their counts will be.
        </p>
      )}
    </>
  );
}

/** The page of a mistake, or of nothing found. */
export function MessagePage({
  page,
  title,
  text,
}: {
  readonly page: PageContext;
  readonly title: string;
  readonly text: string;
}): Html {
  return (
    <Layout page={page} title={title} section="none">
      <h1>{title}</h1>
      <p>{text}</p>
    </Layout>
  );
}

export function Document(props: {
  readonly page: Pick<PageContext, "base" | "title">;
  readonly title: string;
  readonly changes?: string;
  readonly children: Child;
}): Html {
  const { page, title, changes, children } = props;
  const body = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>
          {title} · {page.title}
        </title>
        <link rel="stylesheet" href={`${page.base}/assets/style.css`} />
        <link rel="icon" href={`${page.base}/assets/icon.svg`} type="image/svg+xml" />
        {changes !== undefined && <script type="module" src={`${page.base}/assets/script.js`} />}
      </head>
      <body data-changes={changes}>{children}</body>
    </html>
  );
  return html`<!doctype html>${body}`;
}
