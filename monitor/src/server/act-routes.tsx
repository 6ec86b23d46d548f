import type { Context, Hono } from "hono";
import {
  auditLog,
  auditPage,
  maxRevoked,
  openIds,
  openIdsOfFlow,
  revokeAll,
  type Revoked,
  type System,
} from "../actions/index.ts";
import { AuditPage, RevokePage, type PageContext } from "../pages/index.ts";
import { countMatches } from "../queries/index.ts";
import type { Database } from "../store/index.ts";
import type { Env } from "./guard.tsx";
import { readQuery } from "./query.ts";

export interface ActParts {
  readonly base: string;
  readonly database: Database;
  readonly system: System;
  readonly pageOf: (context: Context<Env>) => PageContext;
}

/** The routes that do something. The guard has seen to it that who calls them may act. */
export function addActRoutes(app: Hono<Env>, { base, database, system, pageOf }: ActParts): void {
  const back = (context: Context<Env>, path: string, { told, problem }: Revoked): Response =>
    context.redirect(`${base}${path}${path.includes("?") ? "&" : "?"}${problem === undefined ? "told" : "partly"}=${told}`, 303);

  app.post("/runs/:id/revoke", async (context) => {
    const id = context.req.param("id");
    const { terminate } = await context.req.parseBody();
    const { who } = context.get("visitor");
    const revoked = await revokeAll(database, system, [id], { who, what: id, terminate: terminate === "yes" });
    return back(context, `/runs/${encodeURIComponent(id)}`, revoked);
  });

  app.post("/flows/:id/revoke", async (context) => {
    const id = context.req.param("id");
    const ids = await openIdsOfFlow(database, id);
    const { who } = context.get("visitor");
    const revoked = await revokeAll(database, system, ids, { who, what: `flow ${id}`, terminate: true });
    return back(context, `/flows/${encodeURIComponent(id)}`, revoked);
  });

  app.get("/revoke", async (context) => {
    const { query, filter } = readQuery((name) => context.req.query(name));
    const matches =
      filter.text === undefined
        ? await countMatches(database, { ...filter, isOpen: true }, maxRevoked)
        : (await openIds(database, filter)).length;
    return context.html(<RevokePage page={pageOf(context)} query={query} matches={matches} limit={maxRevoked} />);
  });

  app.post("/revoke", async (context) => {
    const form = await context.req.parseBody({ all: true });
    const { who } = context.get("visitor");
    const terminate = form["terminate"] === "yes";
    const chosen = [form["id"] ?? []].flat().filter((each): each is string => typeof each === "string");
    if (form["all"] !== "yes") {
      return back(context, "/search", await revokeAll(database, system, chosen, { who, what: chosen.join(", "), terminate }));
    }
    const { query, filter, mistakes } = readQuery((name) => {
      const value = form[name];
      return typeof value === "string" ? value : undefined;
    });
    // A filter of which a part was left out fits more than was meant.
    if (mistakes.length > 0) return context.text(mistakes.join(" "), 400);
    const what = `all that fit ${JSON.stringify(query)}`;
    return back(context, "/search", await revokeAll(database, system, await openIds(database, filter), { who, what, terminate }));
  });

  app.get("/audit", async (context) => {
    const before = Number(context.req.query("before") ?? "");
    const entries = await auditLog(database, before > 0 ? before : undefined);
    return context.html(
      <AuditPage page={pageOf(context)} entries={entries.slice(0, auditPage)} hasMore={entries.length > auditPage} />,
    );
  });
}

/** What became of an act, as the address says it that it leads back to. */
export function noticeOf(context: Context<Env>): { readonly text: string; readonly isBad: boolean } | undefined {
  const [told, partly] = [context.req.query("told"), context.req.query("partly")].map((each) =>
    /^\d{1,6}$/.test(each ?? "") ? Number(each) : undefined,
  );
  const tasks = (number: number): string => `${number} ${number === 1 ? "task" : "tasks"}`;
  if (told !== undefined) return { text: `All workers were told not to start ${tasks(told)}.`, isBad: false };
  if (partly === undefined) return undefined;
  return { text: `Workers were told of ${tasks(partly)} only; the audit page says why not of the others.`, isBad: true };
}
