import { mkdir, open, readdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InputFile } from "./input-files.ts";
import { header, measurements } from "./measurements.ts";

const samples = fileURLToPath(new URL("../../samples", import.meta.url));
const large = "measurements.csv";
const largeRows = 335_000;

/** The files in examples/samples, and a large one that is made on first use. */
export async function sampleFiles(data: string): Promise<InputFile[]> {
  const names = (await readdir(samples)).filter((name) => name.endsWith(".csv")).sort();
  const path = join(data, large);
  if (!(await exists(path))) await writeMeasurements(path, largeRows);
  return [...names.map((name) => ({ path: join(samples, name), label: name })), { path, label: large }];
}

/** Writes the same bytes every time: readings of a few weather stations, about 60 bytes a row. */
export async function writeMeasurements(path: string, rows: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Under another name until it is complete, so that an interrupted run leaves no half a file behind.
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    await file.write(header);
    for (let row = 0; row < rows; row += 5000) await file.write(measurements(row, Math.min(row + 5000, rows)));
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
