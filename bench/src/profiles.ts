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

const hotSpots = 25;
const root = new URL("../../", import.meta.url);

/** Node's options for a process that is to leave a profile when it ends. */
export function profiling(folder: string, name: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** For each profile in a folder: where the time went, by package and by function; callees not included. */
export function formatProfiles(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
  return names
    .sort()
    .map((name) => `${join(folder, name)}\n${format(JSON.parse(readFileSync(join(folder, name), "utf8")) as Profile)}\n`)
    .join("\n");
}

function format(profile: Profile): string {
  const byFunction = selfTimes(profile, describe);
  return [...lines(selfTimes(profile, packageOf), Number.POSITIVE_INFINITY), "", ...lines(byFunction, hotSpots)].join("\n");
}

/** Microseconds by key, idle time left out. */
function selfTimes({ nodes, samples, timeDeltas }: Profile, keyOf: (frame: Frame) => string): ReadonlyMap<string, number> {
  const keys = new Map(
    nodes.filter(({ callFrame }) => callFrame.functionName !== "(idle)").map(({ id, callFrame }) => [id, keyOf(callFrame)]),
  );
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const key = keys.get(id);
    if (key !== undefined) times.set(key, (times.get(key) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return times;
}

function lines(times: ReadonlyMap<string, number>, atMost: number): string[] {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, atMost)
    .map(
      ([key, time]) => `  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${(time / 1000).toFixed(0).padStart(6)} ms  ${key}`,
    );
}

/** `src/client`, `amqplib`, `node`: a folder of this repo, a package, or Node with its native parts. */
function packageOf({ functionName, url }: Frame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "native";
  if (!url.startsWith("file:")) return "node";
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (installed !== undefined) return installed;
  return fileInRepo(url).split("/").slice(0, -1).join("/").replace("/dist", "");
}

/** `name file:line` */
function describe({ functionName, url, lineNumber }: Frame): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name}  ${fileInRepo(url).replace(/.*\/node_modules\//, "")}:${lineNumber + 1}`;
}

function fileInRepo(url: string): string {
  return url.startsWith(root.href) ? fileURLToPath(url).slice(fileURLToPath(root).length) : url;
}
