import { readFileSync } from "node:fs";
import { errorCodes } from "ligature";
import { describe, expect, it } from "vitest";

/** Rows of the table in docs/errors.md whose first cell is a code. */
const rows = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const documented = rows.map(([code = "", raisedBy, ran, retrySafe, summary]) => ({
  code: code.replaceAll("`", ""),
  raisedBy,
  ran,
  retrySafe,
  summary,
}));

describe("docs/errors.md", () => {
  it("has the codes of src/errors/codes.ts, in their order, with what they say", () => {
    const coded = Object.entries(errorCodes).map(([code, { raisedBy, ran, retrySafe, summary }]) => ({
      code,
      raisedBy,
      ran,
      retrySafe: retrySafe ? "yes" : "no",
      summary,
    }));
    expect(documented).toEqual(coded);
  });

  it.each(rows)("says what to do about %s", (_code, _raisedBy, _ran, _retrySafe, _summary, advice) => {
    expect(advice?.length ?? 0).toBeGreaterThan(20);
  });
});
