import { existsSync, rmSync, writeFileSync } from "node:fs";
import { capture, cleanEnvironment, step, UserError } from "./processes.mjs";

const policyFile = "/usr/sbin/policy-rc.d";

/** Whether this machine's own packages can be installed without asking anybody. */
export function canInstallDebianPackages() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/**
 * Installs Debian packages for their programs' sake. The services that they bring along are neither started
 * now nor at the next boot: whoever wants those will say so.
 */
export async function installDebianPackages(names, services = []) {
  const env = cleanEnvironment({ DEBIAN_FRONTEND: "noninteractive" });
  await step(`Installing Debian's ${names.join(" and ")} (apt-get)`, async () => {
    // Package scripts ask this file before they start a service; 101 means "no". A file that is there stays.
    const ownPolicy = !existsSync(policyFile);
    if (ownPolicy) writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
      await aptGet(["update"], env);
      await aptGet(["install", "-y", "--no-install-recommends", ...names], env);
    } finally {
      if (ownPolicy) rmSync(policyFile);
    }
    if (existsSync("/run/systemd/system") && services.length > 0) await capture("systemctl", ["disable", ...services], { env });
  });
}

async function aptGet(args, env) {
  const { code, output } = await capture("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...args], { env });
  if (code !== 0) throw new UserError(`${output.trimEnd()}\n\napt-get ${args.join(" ")} failed (exit code ${code}).`);
}
