/** What types cost the programs that call tasks: the compiler's counts, and completion in the editor. `scripts/bench-types.mjs` starts it. */
import { loadavg } from "node:os";
import { completionOf } from "./completion.ts";
import { costOf, writeConsumer } from "./consumer.ts";
import { kinds } from "./kinds.ts";
import { scratch } from "./scratch.ts";
import { sizeOf } from "./size.ts";
import { formatColumns } from "../columns.ts";

const rows = [["types from", "tasks", "instantiations", "types", "memory MB", "check s", "client. ms", "client.m0. ms"]];
for (const tasks of [50, 200, 1000]) {
  for (const kind of kinds) {
    console.error(`${kind.name}, ${tasks} tasks … (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
    using folder = scratch();
    await writeConsumer(folder, kind, sizeOf(tasks));
    const cost = await costOf(folder);
    const completion = await completionOf(folder);
    rows.push([
      kind.name,
      String(tasks),
      cost.instantiations.toLocaleString("en"),
      cost.types.toLocaleString("en"),
      (cost.memory / 1024).toFixed(1),
      cost.checkTime.toFixed(2),
      completion.contracts.toFixed(0),
      completion.tasks.toFixed(0),
    ]);
  }
}
console.log(
  `\n${formatColumns(rows)}\n\nCounts are exact (one checker, TypeScript 7); times are of this machine at this moment.`,
);
