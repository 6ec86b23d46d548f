import { gen } from "@ligature/codegen";
import { compileOrThrow } from "./compile.ts";
import type { Scratch } from "./scratch.ts";
import { members, schema } from "./shapes.ts";
import { typeName, type Size } from "./size.ts";

/** One way for a program to know the types of the tasks that it calls. */
export interface Kind {
  readonly name: string;
  /** What stands between a task and its argument. */
  readonly call: string;
  /**
   * Writes what a consumer imports, as it would be installed: declarations, made beforehand. `client.ts` exports
   * `client`, with an object for each contract.
   */
  write(scratch: Scratch, size: Size): Promise<void>;
}

/** An interface with a function for each task, and nothing else: the least that there can be. */
export const callsOnly: Kind = {
  name: "by hand, calls only",
  call: "",
  async write(scratch, { contracts, perContract }) {
    for (const contract of contracts) {
      const functions = tasksOf(contract, perContract).map(
        ({ task, input, output }) => `  ${task}(input: ${input}): Promise<${output}>;\n`,
      );
      scratch.write({
        [`contracts/${contract}/index.d.ts`]:
          typesOf(contract, perContract) + `export interface ${contract.toUpperCase()} {\n${functions.join("")}}\n`,
      });
    }
    const imports = contracts.map((each) => `import type { ${each.toUpperCase()} } from "./contracts/${each}/index.js";\n`);
    const clients = contracts.map((each) => `  ${each}: ${each.toUpperCase()};\n`);
    scratch.write({ "client.ts": `${imports.join("")}\nexport declare const client: {\n${clients.join("")}};\n` });
  },
};

/**
 * All that generated code offers (calls in their four forms, signatures, handlers, names for sendTask), written out
 * by hand without generics, and called through an app.
 */
export const handWritten: Kind = {
  name: "by hand, the same API",
  call: "",
  async write(scratch, { contracts, perContract }) {
    for (const contract of contracts) {
      const name = contract.toUpperCase();
      const lines = (line: (task: TaskNames) => string): string => tasksOf(contract, perContract).map(line).join("");
      const signatures = lines(
        ({ task, input, output }) =>
          `  readonly ${task}: { readonly taskName: string; s(): Signature<${input}, ${output}>; ` +
          `si(input: ${input}): ImmutableSignature<${output}> };\n`,
      );
      const calls = lines(
        ({ task, input, output }) =>
          `  readonly ${task}: {\n    (input: ${input}): Promise<${output}>;\n` +
          `    with(options: CallOptions): (input: ${input}) => Promise<${output}>;\n` +
          `    delay(input: ${input}): Promise<AsyncResult<${output}>>;\n` +
          `    applyAsync(args: [input: ${input}], options?: ApplyOptions<${output}>): Promise<AsyncResult<${output}>>;\n  };\n`,
      );
      const handlers = lines(
        ({ task, input, output }) => `  ${task}(input: ${input}, context: TaskContext): ${output} | Promise<${output}>;\n`,
      );
      const names = lines(({ task }) => `    "${contract}.${task}": ${name}["${task}"];\n`);
      scratch.write({
        [`contracts/${contract}/generated/index.d.ts`]:
          "import type { ApplyOptions, AsyncResult, CallOptions, Contract, ImmutableSignature, Signature, TaskContext } " +
          `from "ligature";\n\n${typesOf(contract, perContract)}` +
          `export interface ${name} extends Contract<${name}Remote, ${name}Handlers> {\n${signatures}}\n\n` +
          `export interface ${name}Remote {\n${calls}}\n\nexport interface ${name}Handlers {\n${handlers}}\n\n` +
          `export declare const ${contract}: ${name};\n\n` +
          `declare module "ligature" {\n  interface TaskRegistry {\n${names}  }\n}\n`,
      });
    }
    writeApp(scratch, contracts);
  },
};

interface TaskNames {
  readonly task: string;
  readonly input: string;
  readonly output: string;
}

function tasksOf(contract: string, tasks: readonly string[]): readonly TaskNames[] {
  return tasks.map((task) => ({
    task,
    input: typeName(contract, task, "Input"),
    output: typeName(contract, task, "Output"),
  }));
}

function typesOf(contract: string, tasks: readonly string[]): string {
  return tasks
    .flatMap((task) =>
      (["Input", "Output"] as const).map((side) => `export interface ${typeName(contract, task, side)} {\n${members[side]}}\n\n`),
    )
    .join("");
}

/** A client that calls contracts through an app. */
function writeApp(scratch: Scratch, contracts: readonly string[]): void {
  const imports = contracts.map((each) => `import { ${each} } from "./contracts/${each}/generated/index.js";\n`);
  const clients = contracts.map((each) => `  ${each}: app.remote(${each}),\n`);
  const app = 'const app = createApp({ name: "consumer", broker: "amqp://localhost" });\n';
  scratch.write({
    "client.ts": `import { createApp } from "ligature";\n${imports.join("")}\n${app}export const client = {\n${clients.join("")}};\n`,
  });
}

/** What codegen makes of contracts, called through an app. */
export const ligature: Kind = {
  name: "Ligature",
  call: "",
  async write(scratch, size) {
    writeContracts(scratch, size);
    const failed = (await gen({ cwd: scratch.dir })).filter(({ status }) => status !== "written");
    if (failed.length > 0) throw new Error(`Codegen failed: ${JSON.stringify(failed[0])}`);
    writeApp(scratch, size.contracts);
  },
};

/** Contract packages, not yet generated. */
export function writeContracts(scratch: Scratch, { contracts, perContract }: Size): void {
  scratch.write({ "package.json": '{ "type": "module", "private": true, "workspaces": ["contracts/*"] }' });
  for (const contract of contracts) {
    const description = {
      name: `@bench/${contract}`,
      version: "1.0.0",
      type: "module",
      ligature: { contract: "./src/contract.ts" },
    };
    const schemas = perContract.flatMap((task) =>
      (["Input", "Output"] as const).map((side) => `export const ${typeName(contract, task, side)} = ${schema[side]};\n`),
    );
    const tasks = perContract.map(
      (task) =>
        `    ${task}: task({ params: { input: ${typeName(contract, task, "Input")} }, ` +
        `returns: ${typeName(contract, task, "Output")} }),\n`,
    );
    scratch.write({
      [`contracts/${contract}/package.json`]: JSON.stringify(description),
      [`contracts/${contract}/src/contract.ts`]:
        'import { contract, task } from "ligature/contract";\nimport { z } from "zod";\n\n' +
        `${schemas.join("")}\nexport const ${contract} = contract("${contract}", {\n  tasks: {\n${tasks.join("")}  },\n});\n`,
    });
  }
}

/** A contract of oRPC, its declarations compiled beforehand; the client is inferred from it. */
export const orpc: Kind = {
  name: "oRPC",
  call: "",
  async write(scratch, { contracts, perContract }) {
    for (const contract of contracts) {
      const tasks = perContract.map((task) => `  ${task}: oc.input(${schema.Input}).output(${schema.Output}),\n`);
      const imports = 'import { oc } from "@orpc/contract";\nimport { z } from "zod";\n\n';
      scratch.write({
        [`source/${contract}.ts`]: `${imports}export const ${contract} = {\n${tasks.join("")}};\n`,
      });
    }
    const imports = contracts.map((each) => `import { ${each} } from "./${each}.js";\n`);
    scratch.write({ "source/index.ts": `${imports.join("")}\nexport const contract = { ${contracts.join(", ")} };\n` });
    await declare(scratch);
    scratch.write({
      "client.ts":
        'import type { ContractRouterClient } from "@orpc/contract";\nimport type { contract } from "./declared/index.js";\n\n' +
        "export declare const client: ContractRouterClient<typeof contract>;\n",
    });
  },
};

/** A router of tRPC, its declarations compiled beforehand; the client is inferred from it. */
export const trpc: Kind = {
  name: "tRPC",
  call: ".mutate",
  async write(scratch, { contracts, perContract }) {
    scratch.write({
      "source/trpc.ts": 'import { initTRPC } from "@trpc/server";\n\nexport const t = initTRPC.create();\n',
    });
    for (const contract of contracts) {
      const tasks = perContract.map(
        (task) =>
          `  ${task}: t.procedure.input(${schema.Input}).output(${schema.Output}).mutation(() => ({ id: "1", size: 1 })),\n`,
      );
      const imports = 'import { z } from "zod";\nimport { t } from "./trpc.js";\n\n';
      scratch.write({
        [`source/${contract}.ts`]: `${imports}export const ${contract} = t.router({\n${tasks.join("")}});\n`,
      });
    }
    const imports = contracts.map((each) => `import { ${each} } from "./${each}.js";\n`);
    scratch.write({
      "source/index.ts":
        `import { t } from "./trpc.js";\n${imports.join("")}\n` +
        `const router = t.router({ ${contracts.join(", ")} });\nexport type Router = typeof router;\n`,
    });
    await declare(scratch);
    scratch.write({
      "client.ts":
        'import type { createTRPCClient } from "@trpc/client";\nimport type { Router } from "./declared/index.js";\n\n' +
        "export declare const client: ReturnType<typeof createTRPCClient<Router>>;\n",
    });
  },
};

export const kinds: readonly Kind[] = [callsOnly, handWritten, ligature, orpc, trpc];

/** Compiles `source/` to the declarations in `declared/`. */
async function declare(scratch: Scratch): Promise<void> {
  await compileOrThrow(scratch.dir, {
    compilerOptions: { declaration: true, emitDeclarationOnly: true, rootDir: "source", outDir: "declared" },
    include: ["source"],
  });
}
