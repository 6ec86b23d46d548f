/** `npm start [-- arguments]`: installs and compiles what is missing, then runs the example system. */
import "./lib/check-node.mjs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { exitCode, main, root } from "./lib/processes.mjs";

await main(async () => {
  await prepare(["examples"]);
  return runSystem(process.argv.slice(2));
});

function runSystem(args) {
  return new Promise((resolve, reject) => {
    // In a process group of its own: on Ctrl-C the terminal signals the whole group and npm signals us once
    // more, and the system takes a second signal for "at once". It shall get one for each that was meant.
    const child = spawn(process.execPath, [join(root, "examples", "dist", "main.js"), ...args], {
      cwd: root,
      stdio: "inherit",
      detached: true,
    });
    let lastSignal = -Infinity;
    const forward = (signal) => {
      if (performance.now() - lastSignal > 300) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
      lastSignal = performance.now();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}
