import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseManifest } from "../../manifest/index.ts";
import { BaselineProblem, type Baseline } from "./baseline.ts";
import { manifestBaseline } from "./files.ts";
import { lastLine, run } from "./run-program.ts";

/** A package's name with a version, a range, a tag or a place (`file:…`) behind it. */
export const npmSpec: RegExp = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*@[^@\s]+$/i;

/** The manifest inside a published package: what `npm pack` downloads. Nothing is installed, no script runs. */
export async function npmBaseline(spec: string, cwd: string): Promise<Baseline> {
  const dir = mkdtempSync(join(tmpdir(), "ligature-breaking-"));
  try {
    const { out, err } = await run("npm", ["pack", spec, "--pack-destination", dir, "--ignore-scripts", "--silent"], cwd);
    const tarball = readdirSync(dir).find((file) => file.endsWith(".tgz"));
    if (out === undefined || tarball === undefined) throw new BaselineProblem(`npm pack ${spec}: ${lastLine(err)}`);
    return await tarballBaseline(join(dir, tarball), spec);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The manifest inside a package's archive. */
export async function tarballBaseline(file: string, asGiven: string): Promise<Baseline> {
  const { out } = await run("tar", ["-xzOf", file, "package/contract.json"], tmpdir());
  if (out === undefined) {
    throw new BaselineProblem(`${asGiven} holds no contract.json; a contract package must publish it ("files" in package.json).`);
  }
  return manifestBaseline(asGiven, parseManifest(out, `contract.json of ${asGiven}`));
}
