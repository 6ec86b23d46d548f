/** A file of a new package: where, relative to the package, and what is in it. */
export interface ScaffoldFile {
  readonly path: string;
  readonly content: string;
}

export interface ScaffoldOptions {
  /** The contract's name, a JavaScript identifier: `billing`. */
  readonly contract: string;
  /** The npm package's name: `@acme/billing`. */
  readonly packageName: string;
  /** What to depend on, as `npm install` takes it: a range, say. */
  readonly specOf: (name: "ligature" | "@ligature/codegen") => string;
}

/** A contract package that compiles and generates as it is: one task, one declared error, to be replaced. */
export function contractPackage({ contract, packageName, specOf }: ScaffoldOptions): readonly ScaffoldFile[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return [
    {
      path: "package.json",
      content: json({
        name: packageName,
        version: "0.1.0",
        description: `The ${contract} service's contract: its tasks, for everybody who calls or serves them.`,
        files: ["contract.json", "dist", "generated", "src"],
        type: "module",
        sideEffects: false,
        exports: {
          ".": { types: "./generated/index.d.ts", default: "./generated/index.js" },
          "./contract": { types: "./dist/contract.d.ts", default: "./dist/contract.js" },
          "./contract.json": "./contract.json",
          "./package.json": "./package.json",
        },
        scripts: { build: "tsc -p . && ligature gen .", check: "ligature gen . --check", prepack: "npm run build" },
        dependencies: { ligature: specOf("ligature"), zod: "^4.0.0" },
        devDependencies: { "@ligature/codegen": specOf("@ligature/codegen"), typescript: ">=5.4" },
        ligature: { contract: "./src/contract.ts" },
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
          declaration: true,
          declarationMap: true,
          sourceMap: true,
          rootDir: "src",
          outDir: "dist",
        },
        include: ["src"],
      }),
    },
    { path: ".gitignore", content: "node_modules/\ndist/\n" },
    { path: ".gitattributes", content: "generated/** linguist-generated=true\ncontract.json linguist-generated=true\n" },
    {
      path: "src/contract.ts",
      content: `import { contract, task } from "ligature/contract";
import { z } from "zod";

/** What a greeting looks like. Exported schemas become named types. */
export const Greeting = z.object({
  text: z.string().max(1000),
  sentAt: z.date(),
});

export const ${contract} = contract("${contract}", {
  tasks: {
    /**
     * Greets somebody. The order of the parameters is the order of the arguments.
     * @param name who is greeted
     */
    greet: task({
      params: { name: z.string().min(1).max(200) },
      returns: Greeting,
      errors: { UnknownPerson: z.object({ name: z.string() }) },
    }),
  },
});
`,
    },
    {
      path: "README.md",
      content: `# ${packageName}

The contract of the ${contract} service: edit \`src/contract.ts\`, then \`npm run build\`.
\`generated/\` and \`contract.json\` are written by \`ligature gen\`; commit them, and let CI run \`npm run check\`.
`,
    },
  ];
}
