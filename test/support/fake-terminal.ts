import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";

export interface FakeTerminal {
  readonly stream: NodeJS.WriteStream;
  /** All that was written. */
  readonly written: () => string;
  /** What can be read on it now: writes carried out, cursor movements and erasures included. */
  readonly screen: () => string;
}

/** A terminal's stream, of the kind that `process.stdout` is. */
export function fakeTerminal(properties: {
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly rows?: number;
}): FakeTerminal {
  const stream = Object.assign(new PassThrough(), properties, { hasColors: () => true });
  const written = (): string => (stream.read() as Buffer | null)?.toString() ?? "";
  let all = "";
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    written,
    screen() {
      all += written();
      return interpret(all);
    },
  };
}

/** As much of a terminal as programs here use: CR, LF, cursor up, down and to the left, erasing lines and to a line's end. */
function interpret(output: string): string {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  for (const [token] of output.matchAll(/\u001b\[(\??[\d;]*)([A-Za-z])|[^\u001b]/gu)) {
    const sequence = /^\u001b\[(\??[\d;]*)([A-Za-z])$/.exec(token);
    const count = Number(sequence?.[1] || 1);
    switch (sequence?.[2] ?? token) {
      case "\n":
        row += 1;
        column = 0;
        break;
      case "\r":
        column = 0;
        break;
      case "A":
        if (sequence !== null) row = Math.max(0, row - count);
        else write(token);
        break;
      case "B":
        if (sequence !== null) row += count;
        else write(token);
        break;
      case "G":
        if (sequence !== null) column = 0;
        else write(token);
        break;
      case "K": {
        const current = lines[row] ?? "";
        if (sequence === null) write(token);
        else lines[row] = sequence[1] === "2" ? "" : current.slice(0, column);
        break;
      }
      default:
        if (sequence === null) write(token);
    }
    while (lines.length <= row) lines.push("");
  }
  return lines
    .map((line) => stripVTControlCharacters(line).trimEnd())
    .join("\n")
    .trimEnd();

  function write(character: string): void {
    const current = lines[row] ?? "";
    lines[row] = current.slice(0, column).padEnd(column) + character + current.slice(column + character.length);
    column += character.length;
  }
}
