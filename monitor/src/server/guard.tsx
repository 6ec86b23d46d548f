import { setTimeout as delay } from "node:timers/promises";
import type { Hono, MiddlewareHandler } from "hono";
import type { Access, Visitor } from "../access/index.ts";
import type { Html, PageContext } from "../pages/index.ts";

export interface Env {
  readonly Variables: { visitor: Visitor };
}

type Place = Pick<PageContext, "base" | "title">;

/** What every answer says: nothing is run, shown or sent but what comes from here. */
const headers: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Milliseconds that a wrong token takes. */
const wrongTokenTakes = 500;

const isChange = (method: string): boolean => method !== "GET" && method !== "HEAD";

/** Of all routes that are added after this: answers say what browsers may do with them, and only the monitor's own pages change anything. */
export function protect(app: Hono<Env>, access: Access): void {
  const check: MiddlewareHandler<Env> = async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    const request = context.req.raw;
    if (!access.isKnownHost(request)) return context.text("This monitor doesn't answer by that name.", 421);
    if (isChange(request.method) && !access.isOwnRequest(request)) {
      return context.text("Refused: this didn't come from one of the monitor's own pages.", 403);
    }
    await next();
  };
  app.use("*", check);
}

/** Of all routes that are added after this: lets in who may look, and lets act who may act. */
export function guard(
  app: Hono<Env>,
  access: Access,
  place: Place,
  login: (props: { readonly page: Place; readonly mistake?: string }) => Html,
): void {
  app.post("/login", async (context) => {
    const { token } = await context.req.parseBody();
    const isSecure = new URL(context.req.url).protocol === "https:" || context.req.header("x-forwarded-proto") === "https";
    const cookie = typeof token === "string" && access.hasLogin ? access.sessionOf(token, isSecure, `${place.base}/`) : undefined;
    if (cookie !== undefined) {
      context.header("set-cookie", cookie);
      return context.redirect(`${place.base}/`, 303);
    }
    // Slows down guessing.
    await delay(wrongTokenTakes);
    return context.html(login({ page: place, mistake: "That is not the token." }), 401);
  });
  app.post("/logout", (context) => {
    context.header("set-cookie", access.endOfSession(`${place.base}/`));
    return context.redirect(`${place.base}/`, 303);
  });

  const enter: MiddlewareHandler<Env> = async (context, next) => {
    const visitor = access.visitorOf(context.req.raw);
    if (visitor === undefined) {
      if (!access.hasLogin || !(context.req.header("accept") ?? "").includes("text/html"))
        return context.text("Who are you?", 401);
      return context.html(login({ page: place }), 401);
    }
    if (isChange(context.req.method) && visitor.role !== "act") return context.text("You may look, not act.", 403);
    context.set("visitor", visitor);
    context.header("cache-control", "no-store");
    await next();
  };
  app.use("*", enter);
}
