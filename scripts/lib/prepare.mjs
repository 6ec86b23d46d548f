import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPnpm, pnpmVersion } from "./pnpm.mjs";
import { capture, root, step, UserError } from "./processes.mjs";
import { removeStaleOutput } from "./stale-output.mjs";
import { workspacePackages } from "./workspace.mjs";

const cacheFolder = join(root, "node_modules", ".cache", "ligature");
const stampFile = join(cacheFolder, "installed");

/** Installs what the lockfile names, if it isn't installed, and compiles what changed. `projects` are tsconfigs' folders. */
export async function prepare(projects) {
  await install();
  await build(projects);
}

/** What the tests run, themselves left out: vitest compiles those. */
export function testedProjects() {
  const { references } = JSON.parse(readFileSync(join(root, "test", "tsconfig.json"), "utf8"));
  return references.map(({ path }) => join("test", path));
}

/** Does nothing, in milliseconds, when the lockfile and every package.json are those of the last successful install. */
async function install() {
  const packages = workspacePackages();
  const stamp = stampOf(packages);
  const complete = packages.every(isInstalled);
  if (complete && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;

  const { command, args, how } = await findPnpm();
  await step(`Installing dependencies (pnpm ${pnpmVersion}${how})`, async () =>
    expectSuccess(
      "Installing the dependencies",
      await capture(command, [...args, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"]),
      "Is the package registry within reach? After a change to a package.json, bring the lockfile up to date: " +
        `npx -y pnpm@${pnpmVersion} install`,
    ),
  );
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stampFile, stamp);
}

async function build(projects) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-b", ...projects];
  // A no-op takes 0.3 s, so only what is compiled for the first time is worth a line.
  const firstTime = !existsSync(join(root, "src", "dist", ".tsbuildinfo"));
  const work = async () =>
    expectSuccess("Compiling", await capture(process.execPath, args), "Fix the errors above and run this again.");
  await (firstTime ? step("Compiling", work) : work());
  removeStaleOutput();
}

function isInstalled({ folder, manifest: { dependencies, devDependencies } }) {
  return Object.keys({ ...dependencies, ...devDependencies }).length === 0 || existsSync(join(folder, "node_modules"));
}

function expectSuccess(what, result, hint) {
  if (result.code !== 0) throw new UserError(`${result.output.trimEnd()}\n\n${what} failed (exit code ${result.code}). ${hint}`);
}

/** Everything that decides what is installed. */
function stampOf(packages) {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}\n`);
  const files = [join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml")];
  for (const file of files.concat(packages.map((each) => each.file))) hash.update(readFileSync(file));
  return hash.digest("hex");
}
