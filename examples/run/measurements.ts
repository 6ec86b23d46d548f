const stations = ["Aalborg", "Brno", "Córdoba", "Dunedin", "Évora", "Fukuoka", "Göteborg", '"Halifax, NS"'];
const start = Date.UTC(2025, 0, 1);

export const header = "reading,station,measured_at,temperature,humidity,wind,valid\n";

/** Rows of made-up readings of a few weather stations: the same ones for the same numbers, about 60 bytes each. */
export function measurements(from: number, to: number): string {
  const lines: string[] = [];
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
