/** The table at the end of `npm test`. */
export function printSummary(results) {
  const rows = results.map(({ name, files, passed, failed, skipped, seconds }) => [
    name,
    files === undefined ? "-" : String(files),
    String(passed),
    String(failed),
    String(skipped),
    `${seconds.toFixed(1)} s`,
  ]);
  const table = [["suite", "files", "passed", "failed", "skipped", "time"], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log();
  for (const row of table) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2))).join(""));
  }
  console.log();
  for (const problem of results.flatMap((result) => result.problems)) console.log(problem);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum("skipped");
  console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
}
