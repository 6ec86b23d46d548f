import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];
/** Applies a style, or doesn't, as the terminal and the user want it. */
export type Paint = (style: Style, text: string) => string;

/** NO_COLOR, FORCE_COLOR, TERM=dumb and what the terminal can do are all in `hasColors`. */
export function paintFor(stream: NodeJS.WriteStream | { readonly isTTY?: false }): Paint {
  const colours = stream.isTTY === true && stream.hasColors();
  return colours ? (style, text) => styleText(style, text) : (_, text) => text;
}

const whole = new Intl.NumberFormat("en");
const four = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** `1,234,567` */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `39.99`, `-0.01234`, `167,999.5`: as many digits as matter. */
export function formatNumber(value: number): string {
  return Math.abs(value) < 1000 ? four.format(value) : tenths.format(value);
}

/** `0 B`, `48.2 kB`, `20.1 MB` */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

/** `0.4 s`, `12.3 s`, `2 min 5 s` */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Text from a file may carry anything; a terminal shall show it, not obey it. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
