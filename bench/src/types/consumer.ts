import { compileOrThrow, type Cost } from "./compile.ts";
import type { Kind } from "./kinds.ts";
import type { Scratch } from "./scratch.ts";
import { argument } from "./shapes.ts";
import type { Size } from "./size.ts";

const project = { compilerOptions: { noEmit: true }, include: ["client.ts", "calls"] };

/** Writes a program that calls every task once, in a file for each contract, and what that program imports. */
export async function writeConsumer(scratch: Scratch, kind: Kind, size: Size): Promise<void> {
  scratch.write({ "package.json": '{ "type": "module", "private": true }' });
  await kind.write(scratch, size);
  writeMistakes(scratch, kind);
  for (const contract of size.contracts) {
    const calls = size.perContract.map((task) => `  sum += (await client.${contract}.${task}${kind.call}(${argument})).size;\n`);
    scratch.write({
      [`calls/${contract}.ts`]:
        'import { client } from "../client.js";\n\n' +
        `export async function run(): Promise<number> {\n  let sum = 0;\n${calls.join("")}  return sum;\n}\n`,
    });
  }
}

/** Wrong calls, which the compiler must refuse: what had become `any` would be cheap. */
function writeMistakes(scratch: Scratch, kind: Kind): void {
  const lines = [
    `client.m0.t0${kind.call}({ id: 1 })`,
    `(await client.m0.t0${kind.call}(${argument})).missing`,
    "client.m0.missing",
    "client.missing",
  ].map((mistake) => `// @ts-expect-error\nawait ${mistake};\n`);
  scratch.write({ "calls/mistakes.ts": `import { client } from "../client.js";\n\n${lines.join("")}\nexport {};\n` });
}

/** What the compiler spends on it. */
export function costOf(scratch: Scratch): Promise<Cost> {
  return compileOrThrow(scratch.dir, project);
}
