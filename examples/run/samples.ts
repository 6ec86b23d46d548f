import { mkdir, open, readdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InputFile } from "./input-files.ts";

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
    for (let row = 0; row < rows; row += 5000) await file.write(measurements(row, Math.min(row + 5000, rows)));
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

const stations = ["Aalborg", "Brno", "Córdoba", "Dunedin", "Évora", "Fukuoka", "Göteborg", '"Halifax, NS"'];
const start = Date.UTC(2025, 0, 1);

function measurements(from: number, to: number): string {
  const lines = from === 0 ? ["reading,station,measured_at,temperature,humidity,wind,valid\n"] : [];
  for (let row = from; row < to; row++) {
    // Hundredths, so that every machine writes the same digits.
    const temperature = (noise(row, 1) % 5500) - 1500;
    const valid = noise(row, 2) % 97 !== 0;
    lines.push(
      `${row + 1},${stations[row % stations.length]},${new Date(start + row * 60_000).toISOString()},` +
        `${valid ? hundredths(temperature) : ""},${noise(row, 3) % 101},${hundredths(noise(row, 4) % 3200)},${valid}\n`,
    );
  }
  return lines.join("");
}

function hundredths(value: number): string {
  return (value / 100).toFixed(2);
}

/** A number that looks random and is the same for the same row: a 32-bit mix of the row and the column. */
function noise(row: number, column: number): number {
  let mixed = Math.imul(row ^ Math.imul(column, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
