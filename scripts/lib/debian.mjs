import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { lock, patience } from "./lock.mjs";
import { capture, cleanEnvironment, step, UserError } from "./processes.mjs";

/** Package scripts ask this file before they start a service; 101 means "no". */
const policyFile = "/usr/sbin/policy-rc.d";
const policy = "#!/bin/sh\n# Here while Ligature's tests install packages.\nexit 101\n";

/** Whether this machine's own packages can be installed without asking anybody. */
export function canInstallDebianPackages() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/**
 * Installs Debian packages for their programs' sake. The services that they bring along are neither started
 * now nor at the next boot: whoever wants those will say so. One process at a time does this; `choose` is called
 * when it is our turn, and says which packages and services.
 */
export async function installDebianPackages(choose) {
  const unlock = await lock("/var/lib/apt", "installing packages");
  try {
    const { packages, services } = await choose();
    if (packages.length === 0) return;
    await step(`Installing Debian's ${packages.join(", ")} (apt-get)`, () => withoutStarting(() => install(packages)));
    if (existsSync("/run/systemd/system") && services.length > 0) await capture("systemctl", ["disable", ...services]);
  } finally {
    unlock();
  }
}

/** A policy that somebody else made stays; one of ours was left by a run that was killed. */
async function withoutStarting(work) {
  if (existsSync(policyFile) && readFileSync(policyFile, "utf8") !== policy) return work();
  const remove = () => rmSync(policyFile, { force: true });
  process.once("exit", remove);
  writeFileSync(policyFile, policy, { mode: 0o755 });
  try {
    return await work();
  } finally {
    remove();
    process.off("exit", remove);
  }
}

async function install(packages) {
  await aptGet(["update"]);
  await aptGet(["install", "-y", "--no-install-recommends", ...packages]);
}

/** Others than us use apt, too: an upgrade that runs by itself, for one. Of its locks, only dpkg's can be waited for by an option. */
async function aptGet(args) {
  const env = cleanEnvironment({ DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" });
  const giveUpAt = performance.now() + patience * 1000;
  for (;;) {
    const { code, output } = await capture("apt-get", ["-q", "-o", `DPkg::Lock::Timeout=${patience}`, ...args], { env });
    if (code === 0) return;
    const locked = /Could not get lock|Unable to lock/.test(output);
    if (!locked || performance.now() > giveUpAt) {
      const hint = locked ? ` Another program has been using apt for ${patience} s.` : "";
      throw new UserError(`${output.trimEnd()}\n\napt-get ${args.join(" ")} failed (exit code ${code}).${hint}`);
    }
    await delay(1_000);
  }
}
