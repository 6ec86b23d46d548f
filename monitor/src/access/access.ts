import { createHmac, timingSafeEqual } from "node:crypto";

/** What somebody may do: look at everything, or also act. */
export type Role = "look" | "act";

export interface Visitor {
  /** Shown, and written into the audit log. */
  readonly who: string;
  readonly role: Role;
  /** They can log out again. */
  readonly hasSession: boolean;
}

export interface AccessOptions {
  /** Who knows it may act: as `Authorization: Bearer …`, or by the login page. */
  readonly token?: string | undefined;
  /** Who knows it may look. */
  readonly lookToken?: string | undefined;
  /** A header in which a proxy in front says who it is, such as `x-forwarded-user`. Without it, nobody is let in. */
  readonly userHeader?: string | undefined;
  /** Those of them who may act. @default all */
  readonly actors?: readonly string[] | undefined;
  /** Nobody may act. */
  readonly readOnly?: boolean | undefined;
  /** The only names by which the monitor answers, without ports; undefined for any. */
  readonly hosts?: readonly string[] | undefined;
  /** Decides by itself, instead of all of the above but `readOnly`. */
  readonly authenticate?: ((request: Request) => Pick<Visitor, "who" | "role"> | undefined) | undefined;
}

const cookieName = "ligature-monitor";

/** Who is it, and may they. */
export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get hasLogin(): boolean {
    return this.#options.token !== undefined || this.#options.lookToken !== undefined;
  }

  /** A page of somebody else's may lead a name of its own to this address (DNS rebinding). */
  isKnownHost(request: Request): boolean {
    const { hosts } = this.#options;
    return hosts === undefined || hosts.includes(new URL(request.url).hostname);
  }

  /** Undefined for a stranger. */
  visitorOf(request: Request): Visitor | undefined {
    const visitor = this.#identify(request);
    return visitor !== undefined && this.#options.readOnly === true ? { ...visitor, role: "look" } : visitor;
  }

  /**
   * Whether a request that changes something was made by a page of ours, or by a program that knows the token. Browsers send
   * `Sec-Fetch-Site` to https and localhost only; elsewhere they send `Origin`.
   */
  isOwnRequest(request: Request): boolean {
    const site = request.headers.get("sec-fetch-site");
    if (site !== null) return site === "same-origin";
    const origin = request.headers.get("origin");
    if (origin === null) return request.headers.get("authorization") !== null;
    return URL.canParse(origin) && new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
  }

  /** The cookie of who knows a token; undefined for a wrong one. */
  sessionOf(token: string, isSecure: boolean, path: string): string | undefined {
    const role = this.#roleOfToken(token);
    if (role === undefined) return undefined;
    return `${cookieName}=${role}.${this.#proof(role)}; HttpOnly; SameSite=Strict; Path=${path}; Max-Age=604800${isSecure ? "; Secure" : ""}`;
  }

  endOfSession(path: string): string {
    return `${cookieName}=; HttpOnly; SameSite=Strict; Path=${path}; Max-Age=0`;
  }

  #identify(request: Request): Visitor | undefined {
    const { authenticate, userHeader, actors } = this.#options;
    if (authenticate !== undefined) {
      const visitor = authenticate(request);
      return visitor === undefined ? undefined : { ...visitor, hasSession: false };
    }
    if (userHeader !== undefined) {
      const who = request.headers.get(userHeader)?.slice(0, 200);
      if (who !== undefined && who !== "")
        return { who, role: actors === undefined || actors.includes(who) ? "act" : "look", hasSession: false };
    }
    if (this.hasLogin) return this.#byToken(request);
    return userHeader === undefined ? { who: "anybody", role: "act", hasSession: false } : undefined;
  }

  #byToken(request: Request): Visitor | undefined {
    const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (bearer !== undefined) {
      const role = this.#roleOfToken(bearer);
      return role === undefined ? undefined : { who: `token (${role})`, role, hasSession: false };
    }
    const cookies = (request.headers.get("cookie") ?? "").split(/;\s*/);
    const [role, proof] =
      cookies
        .find((each) => each.startsWith(`${cookieName}=`))
        ?.slice(cookieName.length + 1)
        .split(".") ?? [];
    if ((role !== "act" && role !== "look") || proof === undefined || this.#tokenOf(role) === undefined) return undefined;
    return isSame(proof, this.#proof(role)) ? { who: `token (${role})`, role, hasSession: true } : undefined;
  }

  #roleOfToken(token: string): Role | undefined {
    return (["act", "look"] as const).find((role) => {
      const own = this.#tokenOf(role);
      return own !== undefined && isSame(token, own);
    });
  }

  #tokenOf(role: Role): string | undefined {
    return role === "act" ? this.#options.token : this.#options.lookToken;
  }

  #proof(role: Role): string {
    return createHmac("sha256", this.#tokenOf(role) ?? "")
      .update(`ligature-monitor ${role}`)
      .digest("hex");
  }
}

/** Takes as long for a wrong one, wherever it is wrong. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
