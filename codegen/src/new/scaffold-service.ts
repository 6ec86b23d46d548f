import { contractPackage, type ScaffoldFile } from "./scaffold.ts";

export interface ServiceOptions {
  /** The contract's name, a JavaScript identifier: `billing`. */
  readonly contract: string;
  /** The name of the contract's package: `@acme/billing`. */
  readonly packageName: string;
  /** What to depend on, as `npm install` takes it: a range, or `file:` and a tarball, relative to the folder given. */
  readonly specOf: (name: "ligature" | "@ligature/codegen", folder: "." | "contract") => string;
}

/** A service's repository, with its contract as a package in it: compiles, passes its test and runs as it is. */
export function serviceRepository({ contract, packageName, specOf }: ServiceOptions): readonly ScaffoldFile[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const contractFiles = contractPackage({ contract, packageName, specOf: (name) => specOf(name, "contract") });
  return [
    {
      path: "package.json",
      content: json({
        name: `${contract.toLowerCase()}-service`,
        version: "0.1.0",
        private: true,
        type: "module",
        workspaces: ["contract"],
        scripts: {
          build: "npm run build --workspace contract && tsc -p .",
          test: "npm run build && node --test dist/handlers.test.js",
          hello: "node dist/hello.js",
          worker: "node dist/worker.js",
          caller: "node dist/caller.js",
        },
        dependencies: { [packageName]: "*", amqplib: "^2.3.1", ligature: specOf("ligature", ".") },
        devDependencies: {
          "@ligature/codegen": specOf("@ligature/codegen", "."),
          "@types/node": "^20.19.0",
          typescript: ">=5.4",
        },
      }),
    },
    {
      path: "tsconfig.json",
      content: json({
        compilerOptions: {
          target: "es2022",
          module: "nodenext",
          moduleResolution: "nodenext",
          strict: true,
          types: ["node"],
          sourceMap: true,
          rootDir: "src",
          outDir: "dist",
        },
        include: ["src"],
      }),
    },
    {
      path: "src/handlers.ts",
      content: `import { ${contract}, type ${pascal(contract)}Handlers } from "${packageName}";

/** One function for each task; the compiler says which is missing. */
export const handlers: ${pascal(contract)}Handlers = {
  greet(name) {
    if (name === "nobody") throw new ${contract}.errors.UnknownPerson({ name });
    return { text: \`Hello, \${name}!\`, sentAt: new Date() };
  },
};
`,
    },
    {
      path: "src/app.ts",
      content: `import { createApp } from "ligature";

export const app = createApp({ name: "${contract}", broker: process.env["BROKER"] ?? "amqp://localhost" });
`,
    },
    {
      path: "src/worker.ts",
      content: `import { ${contract} } from "${packageName}";
import { app } from "./app.js";
import { handlers } from "./handlers.js";

await app.worker(${contract}, handlers).run(); // until Ctrl-C or SIGTERM
`,
    },
    {
      path: "src/caller.ts",
      content: `import { ${contract} } from "${packageName}";
import { app } from "./app.js";

const remote = app.remote(${contract});
try {
  const greeting = await remote.greet(process.argv[2] ?? "Ada");
  console.log(greeting.text, greeting.sentAt.toISOString());
} catch (error) {
  if (!(error instanceof ${contract}.errors.UnknownPerson)) throw error;
  console.log(\`Nobody knows \${error.data.name}.\`);
} finally {
  await app.close();
}
`,
    },
    {
      path: "src/hello.ts",
      content: `// The worker and the caller in one process, without RabbitMQ.
process.env["BROKER"] = "memory://";
const [{ app }, { handlers }, { ${contract} }] = await Promise.all([
  import("./app.js"),
  import("./handlers.js"),
  import("${packageName}"),
]);
await app.worker(${contract}, handlers).start();
await import("./caller.js");

export {};
`,
    },
    {
      path: "src/handlers.test.ts",
      content: `import assert from "node:assert/strict";
import { test } from "node:test";
import { ${contract} } from "${packageName}";
import { startTestService } from "ligature/testing";
import { handlers } from "./handlers.js";

test("greets, and says whom it doesn't know", async () => {
  const service = await startTestService(${contract}, handlers);
  try {
    const greeting = await service.remote.greet("Ada");
    assert.equal(greeting.text, "Hello, Ada!");
    assert.ok(greeting.sentAt instanceof Date);
    await assert.rejects(service.remote.greet("nobody"), ${contract}.errors.UnknownPerson);
  } finally {
    await service.close();
  }
});
`,
    },
    {
      path: "compose.yaml",
      content: `services:
  rabbitmq:
    image: rabbitmq:4-management
    ports: ["5672:5672", "15672:15672"]
    volumes: ["rabbitmq:/var/lib/rabbitmq"]
volumes:
  rabbitmq:
`,
    },
    { path: ".gitignore", content: "node_modules/\ndist/\n" },
    {
      path: "README.md",
      content: `# The ${contract} service

\`\`\`sh
npm install
npm test            # compiles, generates, and tests the handlers
npm run hello       # worker and caller in one process, without RabbitMQ

docker compose up -d
npm run worker      # in one terminal
npm run caller Ada  # in another
\`\`\`

\`contract/\` is the package that callers install: edit \`contract/src/contract.ts\`, then \`npm run build\`.
`,
    },
    ...contractFiles.map(({ path, content }) => ({ path: `contract/${path}`, content })),
  ];
}

function pascal(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
