import { basename, join } from "node:path";

interface ContractPackageOptions {
  /** Names of other contract packages. */
  readonly dependsOn?: readonly string[];
  /** Source before the contract. */
  readonly before?: string;
  /** The one task's parameters, as source. */
  readonly params?: string;
}

/** A small contract package in a folder: `@test/<folder>`, with one task. */
export function contractPackage(folder: string, options: ContractPackageOptions = {}): Readonly<Record<string, string>> {
  const dependencies = Object.fromEntries((options.dependsOn ?? []).map((name) => [`@test/${name}`, "*"]));
  const name = `@test/${folder === "." ? "test" : basename(folder)}`;
  return {
    [join(folder, "package.json")]: JSON.stringify({
      name,
      type: "module",
      // Importable without having been built.
      exports: { "./contract": "./src/contract.ts" },
      dependencies,
      ligature: { contract: "./src/contract.ts" },
    }),
    [join(folder, "src/contract.ts")]: contractSource(options),
  };
}

export function contractSource({ before = "", params = "{ path: z.string() }" }: ContractPackageOptions = {}): string {
  return `import { contract, task } from "ligature/contract";
import { z } from "zod";
${before}
export const test = contract("test", {
  tasks: {
    ping: task({ params: ${params} }),
  },
});
`;
}
