import type { SideModule } from "./side.ts";

/** Imported on demand, so that neither process holds the other side's code. */
export async function loadSide(side: string | undefined): Promise<SideModule> {
  if (side === "raw") return import("./raw/index.ts");
  if (side === "ligature") return import("./ligature/index.ts");
  throw new Error(`There is no side ${JSON.stringify(side)}.`);
}
