import { refuse } from "./names.ts";

/**
 * Findings of `ligature breaking` and `ligature lint` that are meant to be there, each with the reason, by rule:
 * `{ "param-removed": "its last caller is gone since May" }`. Behind a blank, a rule may say which part it is about,
 * a parameter, an error, a type or a removed task: `"param-removed options"`.
 */
export type Allowed = Readonly<Record<string, string>>;

const rule = /^[a-z]+(-[a-z]+)*( [A-Za-z_][\w.]*)?$/;

/** Rules are known to codegen, which says so when a name isn't one; here only their form is checked. */
export function compileAllowed(allow: unknown, what: string, path: readonly string[]): Allowed {
  if (allow === undefined) return Object.freeze({});
  if (typeof allow !== "object" || allow === null || Array.isArray(allow)) {
    refuse(path, `${what} must be an object of rules and reasons: { "param-removed": "why that is all right" }.`);
  }
  for (const [name, reason] of Object.entries(allow)) {
    if (!rule.test(name)) {
      refuse([...path, name], `${what}: "${name}" is no rule's name, such as "param-removed" or "param-removed options".`);
    }
    if (typeof reason !== "string" || reason.trim() === "") {
      refuse([...path, name], `${what}: "${name}" needs a reason, for whoever reads the contract later.`);
    }
  }
  return Object.freeze({ ...(allow as Allowed) });
}
