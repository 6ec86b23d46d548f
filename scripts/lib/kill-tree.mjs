import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Kills a child and all below it. One that hangs may not listen to anything, and those below wouldn't learn that it is gone. */
export function killTree(child) {
  const all = child.pid === undefined ? [] : descendants(child.pid);
  child.kill("SIGKILL");
  for (const pid of all) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
}

function descendants(root) {
  const processes = process.platform === "linux" ? ofProc() : ofPs();
  const below = (pid) => processes.filter(({ parent }) => parent === pid).flatMap((each) => [each.pid, ...below(each.pid)]);
  return below(root);
}

/** Small images of Linux have no `ps`. */
function ofProc() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(/^PPid:\s*(\d+)$/m.exec(statusOf(name))?.[1]) }));
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    // It has ended since it was listed.
    return "";
  }
}

/** Where there is no `ps` either, only the child itself is killed. */
function ofPs() {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return { pid, parent };
  });
}
