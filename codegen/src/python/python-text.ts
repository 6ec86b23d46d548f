import { descriptionOf } from "../model/doc.ts";
import { inline, layout, width, type PythonType } from "./type-expression.ts";

/** One level. */
export const indent = "    ";

/** A docstring, wrapped; the last line of several has the quotes alone, as PEP 257 says. */
export function docstring(text: string, at: string): string {
  const safe = text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  const [first = "", ...others] = wrapped(safe, width - at.length - 3);
  if (others.length === 0 && at.length + first.length + 6 <= width && !first.endsWith('"')) return `${at}"""${first}"""\n`;
  return [`${at}"""${first}`, ...others.map((line) => (line === "" ? "" : at + line)), `${at}"""`].join("\n") + "\n";
}

/** A comment that documents the line below it, as Sphinx reads them. */
export function comment(text: string | undefined, at: string): string {
  if (text === undefined) return "";
  return wrapped(text, width - at.length - 3)
    .map((line) => `${at}#: ${line}`.trimEnd() + "\n")
    .join("");
}

/** What is said of a task: its description, that it is deprecated, and more paragraphs. */
export function taskDoc(
  { description, deprecated }: { readonly description?: string; readonly deprecated?: string | true },
  ...more: readonly string[]
): string {
  const about = descriptionOf(description);
  const note = deprecated === undefined ? undefined : deprecated === true ? "Deprecated." : `Deprecated: ${deprecated}`;
  return [about, note, ...more].filter((each) => each !== undefined).join("\n\n");
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const line of text.trim().split("\n")) {
    const last = lines.at(-1);
    // Lines of one paragraph are filled; lists, tables and code keep theirs.
    if (last !== undefined && isProse(last) && isProse(line)) lines[lines.length - 1] = `${last} ${line.trim()}`;
    else lines.push(line.trimEnd());
  }
  return lines.flatMap((line) => wrapLine(line, columns));
}

function isProse(line: string): boolean {
  return /^[\p{L}\p{Nd}"'(]/u.test(line) && !/^\d+[.)] /.test(line);
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** `name: type`, or an alias: one line, or as many as it takes. */
export function annotated(name: string, type: PythonType, at: string): string {
  return `${at}${name}: ${layout(type, at, at.length + name.length + 2)}\n`;
}

export interface Argument {
  readonly name: string;
  readonly type: PythonType;
  readonly default?: string;
}

/** The head of a method. */
export function method(name: string, args: readonly Argument[], result: PythonType): string {
  const shown = args.map(({ name: arg, type, default: value }) => {
    return `${arg}: ${inline(type)}${value === undefined ? "" : ` = ${value}`}`;
  });
  const line = `${indent}def ${name}(${["self", ...shown].join(", ")}) -> ${inline(result)}:`;
  if (line.length <= width) return `${line}\n`;
  const inner = indent + indent;
  const lines = args.map(({ name: arg, type, default: value }) => {
    const end = value === undefined ? "," : ` = ${value},`;
    return `${inner}${arg}: ${layout(type, inner, inner.length + arg.length + 2 + end.length)}${end}\n`;
  });
  return `${indent}def ${name}(\n${inner}self,\n${lines.join("")}${indent}) -> ${layout(result, indent, indent.length + 6)}:\n`;
}

/** `start(a, b)` and what follows, broken where it is too long. */
export function call(start: string, args: readonly string[], at: string, end = ""): string {
  const line = `${at}${start}(${args.join(", ")})${end}`;
  if (line.length <= width) return `${line}\n`;
  const inner = at + indent;
  const together = `${inner}${args.join(", ")}`;
  if (together.length <= width) return `${at}${start}(\n${together}\n${at})${end}\n`;
  return `${at}${start}(\n${args.map((arg) => `${inner}${arg},\n`).join("")}${at})${end}\n`;
}
