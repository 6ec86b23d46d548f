import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../statistics.ts";
import type { Workload } from "../workload.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** How long a new process takes to import the runtime with amqplib, which it loads for RabbitMQ; beside amqplib alone. */
export const importRuntime: Workload = importing("import", "import ligature / amqplib", {
  raw: ["amqplib"],
  ligature: ["ligature", "amqplib"],
});

/** The same for a generated contract package; zod is what it can't do without. */
export const importContract: Workload = importing("import-contract", "import contract package / zod", {
  raw: ["zod"],
  ligature: ["@ligature/bench-tasks"],
});

function importing(
  name: string,
  title: string,
  packages: { readonly raw: readonly string[]; readonly ligature: readonly string[] },
): Workload {
  return {
    name,
    title,
    unit: "ms",
    better: "lower",
    open: (side) =>
      Promise.resolve({
        async sample() {
          const times: number[] = [];
          for (let n = 0; n < 3; n++) times.push(await importTime(packages[side]));
          return { value: median(times) };
        },
        close: () => Promise.resolve(),
      }),
  };
}

async function importTime(specifiers: readonly string[]): Promise<number> {
  const imports = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`).join(" ");
  const code = `const started = performance.now(); ${imports} console.log(performance.now() - started); process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { cwd: here });
  return Number(stdout);
}
