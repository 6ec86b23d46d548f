import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The parts of a package.json that matter here. */
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly exports?: unknown;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly ligature?: { readonly contract?: string };
}

/** The package.json of a folder, or undefined when there is none that can be read. */
export function readPackageJson(dir: string): PackageJson | undefined {
  const text = readText(join(dir, "package.json"));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A file's text, or undefined when it doesn't exist or can't be read. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The folder itself and those above it, nearest first. */
export function* upwards(dir: string): Generator<string> {
  for (let current = dir; ; current = dirname(current)) {
    yield current;
    if (dirname(current) === current) return;
  }
}

/** The name of the package in a bare specifier: `@a/b/c` is in `@a/b`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The folder of an installed package as seen from `dir`, without regard to its `exports`. */
export function findInstalled(name: string, dir: string): string | undefined {
  for (const above of upwards(dir)) {
    const candidate = join(above, "node_modules", name);
    if (readPackageJson(candidate) !== undefined) return candidate;
  }
  return undefined;
}
