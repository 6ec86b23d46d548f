#!/usr/bin/env node
import { run } from "./run.ts";

const stop = new AbortController();
const abort = (): void => stop.abort();

// Whoever read our output has seen enough (`| head`): what is under way is finished all the same, in silence.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    abort();
  });
}

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stopSignal() {
    // Once: a second Ctrl+C ends a command that doesn't end by itself.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, abort);
    return stop.signal;
  },
});
