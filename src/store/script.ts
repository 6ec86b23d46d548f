import { createHash } from "node:crypto";
import type { Script } from "./store.ts";

/** Makes a script ready to run. For a constant of a module: it is hashed once. */
export function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
