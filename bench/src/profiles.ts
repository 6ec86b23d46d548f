import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What of a V8 CPU profile is read here. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  /** Node ids, one per sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
}

const shown = 25;

/** Node's options for a process that is to leave a profile when it ends. */
export function profiling(folder: string, name: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** For each profile in a folder, the functions that took the most time themselves. */
export function formatHotSpots(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".cpuprofile"))
    .sort()
    .map((name) => `${join(folder, name)}\n${hotSpots(JSON.parse(readFileSync(join(folder, name), "utf8")) as Profile)}\n`)
    .join("\n");
}

function hotSpots({ nodes, samples, timeDeltas }: Profile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const frame = frames.get(id) ?? "?";
    times.set(frame, (times.get(frame) ?? 0) + (timeDeltas[index] ?? 0));
  });
  times.delete("(idle)");
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(
      ([frame, time]) =>
        `  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${(time / 1000).toFixed(0).padStart(6)} ms  ${frame}`,
    )
    .join("\n");
}

/** `name file:line`, files of this repo from its root on. */
function describe({ functionName, url, lineNumber }: Frame): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return name;
  const root = new URL("../../", import.meta.url);
  const file = url.startsWith(root.href) ? fileURLToPath(url).slice(fileURLToPath(root).length) : url;
  return `${name}  ${file}:${lineNumber + 1}`;
}
