import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The compiler of the workspace. */
export const tsc: string = join(import.meta.dirname, "..", "..", "node_modules", "typescript", "bin", "tsc");

/** The versions that generated code has to compile with: packages that the tests have. */
export const compilers: readonly string[] = ["typescript-5.4", "typescript-5.9", "typescript-6.0", "typescript"];

/** Runs the compiler in a folder; returns its complaints, empty when there are none. */
export function compile(cwd: string, ...args: readonly string[]): string {
  return compileWith("typescript", cwd, ...args);
}

/** The same with one of the {@link compilers}. */
export function compileWith(compiler: string, cwd: string, ...args: readonly string[]): string {
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [tsc.replace("/typescript/", `/${compiler}/`), ...args], {
    cwd,
    encoding: "utf8",
    timeout: 120_000,
  });
  if (error !== undefined) throw error;
  return status === 0 ? "" : `${stdout}${stderr}`;
}

/** The strictest options that a user may have. */
export const strictest: Readonly<Record<string, unknown>> = {
  target: "es2023",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  // TypeScript's own library is right without us.
  skipDefaultLibCheck: true,
};

export type Comparison = "same" | "mutual" | "assignable";

/** Two types, as source, that should be one and the same. */
export interface TypePair {
  readonly left: string;
  readonly right: string;
  /**
   * - `same`: the compiler takes them for one type
   * - `mutual`: each can be assigned to the other
   * - `assignable`: the left one can be assigned to the right one
   * @default "same"
   */
  readonly compare?: Comparison | undefined;
}

/**
 * Compares types with the compiler, all in one run. Returns the pairs that differ, and whatever else the
 * compiler complains about.
 * @param prelude source that declares what the types mention
 */
export function differentTypes(dir: string, prelude: string, pairs: readonly TypePair[]): readonly string[] {
  const head = [
    ...prelude.split("\n"),
    // Two conditional types are only identical if what they compare with is.
    "type same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;",
    "type assignable<A, B> = [A] extends [B] ? true : false;",
    "type mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;",
    "type Expect<T extends true> = T;",
  ];
  const lines = pairs.map(
    ({ left, right, compare = "same" }, index) => `export type T${index} = Expect<${compare}<${left}, ${right}>>;`,
  );
  writeFileSync(join(dir, "compare.ts"), [...head, ...lines, ""].join("\n"));
  writeFileSync(
    join(dir, "tsconfig.compare.json"),
    JSON.stringify({ compilerOptions: { ...strictest, noEmit: true, allowImportingTsExtensions: true }, files: ["compare.ts"] }),
  );
  const complaints = compile(dir, "-p", "tsconfig.compare.json", "--pretty", "false").split("\n");
  return complaints
    .filter((line) => line !== "")
    .map((line) => {
      const pair = pairs[Number(/^compare\.ts\((\d+),/.exec(line)?.[1] ?? 0) - head.length - 1];
      return pair === undefined ? line : `${pair.left} is not ${pair.right}`;
    });
}
