/**
 * A Debian that is newer than this machine's, in a folder: for tests against the versions of RabbitMQ, Redis and Celery that it
 * has. It is made once and kept in the user's cache.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { lock } from "./lock.mjs";
import { capture, cleanEnvironment, root as repository, step, UserError } from "./processes.mjs";

const release = "trixie";
const packages = ["rabbitmq-server", "redis-server", "python3-celery", "python3-redis", "mypy"];
const commands = ["rabbitmq-server", "rabbitmqctl", "epmd", "redis-server", "redis-cli", "python3", "mypy"];

const install = `
set -e
for each in /proc /dev /sys; do mount --rbind "$each" "root$each"; done
cp /etc/resolv.conf /etc/hosts root/etc/
printf '#!/bin/sh\\nexit 101\\n' >root/usr/sbin/policy-rc.d
chmod 755 root/usr/sbin/policy-rc.d
chroot root apt-get -q update
chroot root apt-get -q -o Dpkg::Options::=--force-unsafe-io install -y --no-install-recommends "$@"
chroot root apt-get clean
`;

const stamp = JSON.stringify({ release, packages, install });

/** Why there can't be one here; undefined if it can. */
export async function whyNoRoot() {
  if (process.getuid?.() !== 0) return "it needs root";
  if (!existsSync("/etc/os-release") || !/^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"))) return "it needs Debian";
  if ((await propagation()) === "private") return undefined;
  const { code } = await capture("unshare", ["--mount", "--propagation", "unchanged", "true"]);
  if (code === 0 && !readFileSync("/proc/1/mountinfo", "utf8").includes(" shared:")) return undefined;
  return "mounts of its own aren't allowed here";
}

/** In a chroot, which is no mount itself, mounts can't be made private; they needn't be where nothing is shared. */
async function propagation() {
  return (await capture("unshare", ["--mount", "--propagation", "private", "true"])).code === 0 ? "private" : "unchanged";
}

/**
 * Makes it, if it isn't there. Resolves with a folder of commands that run its programs, and with which versions it has;
 * `remove` removes that folder, not the root.
 */
export async function openDebianRoot() {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ligature");
  const folder = join(cache, `debian-${release}`);
  mkdirSync(cache, { recursive: true });
  const unlock = await lock(cache, `making a root of Debian ${release}`);
  try {
    if (read(join(folder, "made")) !== stamp)
      await step(`Making a root of Debian ${release} in ${folder}`, () => make(cache, folder));
  } finally {
    unlock();
  }
  const bin = mkdtempSync(join(tmpdir(), "ligature-commands-"));
  const remove = () => rmSync(bin, { recursive: true, force: true });
  process.once("exit", remove);
  writeFileSync(join(bin, "enter"), enter(join(folder, "root"), await propagation()), { mode: 0o755 });
  for (const name of commands) symlinkSync("enter", join(bin, name));
  return { bin, remove, versions: read(join(folder, "versions")).trim().split("\n").join(", ") };
}

/**
 * Runs the command of the script's name in the root, in the current folder: the temporary folder and the repository are at the
 * same place there. n.b. mounts are made in a namespace of its own, which ends with the command: nothing is left to be undone,
 * whatever is killed.
 */
function enter(root, mounts) {
  return `#!/bin/sh
exec unshare --mount --propagation ${mounts} /bin/sh -ec '
  root=$1
  shift
  for each in /proc /dev /sys "${tmpdir()}" "${repository}"; do
    mkdir -p "$root$each"
    mount --rbind "$each" "$root$each"
  done
  export PATH=/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin
  exec chroot "$root" /bin/sh -c "cd \\"\\$0\\" && exec \\"\\$@\\"" "$PWD" "$@"
' sh "${root}" "$(basename "$0")" "$@"
`;
}

/** In another folder, which gets its name when it is whole. */
async function make(cache, folder) {
  // Left by runs that were killed.
  for (const name of readdirSync(cache)) if (name.endsWith(".new")) rmSync(join(cache, name), { recursive: true, force: true });
  const unfinished = `${folder}.new`;
  mkdirSync(unfinished);
  const sites = (await capture("apt-get", ["indextargets", "--format", "$(SITE)"])).output.split("\n");
  const mirror = sites.find((site) => /debian\/?$/.test(site));
  if (mirror === undefined)
    throw new UserError(
      "apt names no mirror of Debian's: add one to /etc/apt/sources.list, so that a newer Debian can be had from it.",
    );
  await unshared(unfinished, ["debootstrap", "--variant=minbase", release, "root", mirror]);
  await unshared(unfinished, ["sh", "-c", install, "sh", ...packages]);
  const format = ["-f", "${Package} ${Version}\\n", "-W", ...packages];
  writeFileSync(join(unfinished, "versions"), await unshared(unfinished, ["chroot", "root", "dpkg-query", ...format]));
  writeFileSync(join(unfinished, "made"), stamp);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

async function unshared(cwd, command) {
  const env = cleanEnvironment({ DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" });
  const { code, output } = await capture("unshare", ["--mount", "--propagation", await propagation(), ...command], { cwd, env });
  if (code !== 0)
    throw new UserError(`${output.trimEnd()}\n\nA root of Debian ${release} could not be made (exit code ${code}).`);
  return output;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
