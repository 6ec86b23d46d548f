import type { JSX } from "hono/jsx/jsx-runtime";

export type Html = JSX.Element;

/** What somebody may do: look at everything, or also act. */
export type Role = "look" | "act";

/** What every page is told. */
export interface PageContext {
  /** Before every path: where the monitor is mounted, without a slash at the end. */
  readonly base: string;
  readonly role: Role;
  /** Who looks; shown and written into the audit log. */
  readonly who: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The name of the system, for the title. */
  readonly title: string;
  /** Whether somebody can log out: they came by a token. */
  readonly canLeave: boolean;
  readonly status: Status;
}

/** How the monitor itself does. */
export interface Status {
  readonly source: string;
  readonly database: string;
  /** Why nothing is heard, and since when. */
  readonly blind: { readonly since: number; readonly reason: string } | undefined;
  /** Why nothing can be written, and since when. */
  readonly problem: { readonly since: number; readonly message: string } | undefined;
  /** Events that wait to be written. */
  readonly waiting: number;
}
