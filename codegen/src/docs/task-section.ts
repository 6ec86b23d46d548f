import type { Manifest } from "../manifest/index.ts";
import type { Entry } from "./entries.ts";
import {
  anchorOf,
  code,
  joined,
  type Block,
  type CodePart,
  type EntryBlock,
  type Inline,
  type Text,
  type ValuesBlock,
} from "./blocks.ts";
import type { Fits } from "./fits.ts";
import { durationText } from "./limits.ts";
import { textOf, type TypeText } from "./schema-code.ts";
import type { LinkFact, UsageFacts, Whereabouts } from "./usage-facts.ts";
import { describe, propertiesOf, valueTable } from "./value-rows.ts";

/** What all sections need. */
export interface Context {
  readonly types: TypeText;
  readonly fits: Fits;
  readonly usage: UsageFacts;
  /** The contract of each known task, by the task's name. */
  readonly contracts: ReadonlyMap<string, Manifest>;
}

/** All there is to know of one task. */
export function taskSection(entry: Entry, context: Context): EntryBlock {
  const { name, task, manifest } = entry;
  const { types } = context;
  const blocks: Block[] = [];
  if (task.deprecated !== undefined) {
    const instead: Text = task.deprecated === true ? [] : [" ", { kind: "prose", markdown: task.deprecated }];
    blocks.push({ kind: "text", text: [{ kind: "strong", text: "Deprecated." }, ...instead] });
  }
  if (task.description !== undefined) blocks.push({ kind: "prose", markdown: task.description });
  blocks.push({ kind: "signature", parts: shortForm(entry, types) });
  if (task.params.length > 0) {
    const values = task.params.map(({ name: path, optional, schema }) => ({ path, schema, isOptional: optional }));
    blocks.push(valueTable("Parameter", values, types, "Parameters"));
  }
  blocks.push(...outcome(entry, types));
  if (Object.keys(task.errors).length > 0) blocks.push(errorTable(entry, types));
  blocks.push(delivery(entry));
  blocks.push(...relations(entry, context));
  return {
    kind: "entry",
    of: "task",
    level: 3,
    name,
    short: shortName(name, manifest.contract),
    anchor: anchorOf("task", name),
    isDeprecated: task.deprecated !== undefined,
    summary: task.description === undefined ? [] : [{ kind: "prose", markdown: firstSentence(task.description) }],
    blocks,
  };
}

/** A task's name where its contract is plain. */
export function shortName(name: string, contract: string): string {
  return name.startsWith(`${contract}.`) ? name.slice(contract.length + 1) : name;
}

export function firstSentence(markdown: string): string {
  const [paragraph = ""] = markdown.split(/\n\s*\n/);
  const line = paragraph.replaceAll(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s+[\p{Lu}`])/u.exec(line)?.[0] ?? line;
}

/** Longer calls have a line for each parameter. */
const longestLine = 80;

function shortForm({ manifest, task }: Entry, types: TypeText): readonly CodePart[] {
  const params = task.params.map(({ name, optional, schema }) => [
    `${name}${optional ? "?" : ""}: `,
    ...shortType(schema, types),
  ]);
  const returns = task.returns === null ? ["void"] : shortType(task.returns, types);
  const parts = (before: string, between: string, after: string): readonly CodePart[] => [
    `${manifest.contract}.${task.key}(${before}`,
    ...params.flatMap((param, index) => (index === 0 ? param : [between, ...param])),
    `${after}): `,
    ...returns,
  ];
  const onOneLine = parts("", ", ", "");
  return params.length === 0 || textOf(onOneLine).length <= longestLine ? onOneLine : parts("\n  ", ",\n  ", ",\n");
}

/** An object that is written out below is only named. */
function shortType(schema: Entry["task"]["params"][number]["schema"], types: TypeText): ReturnType<TypeText["of"]> {
  const parts = types.of(schema);
  return textOf(parts).length > 60 && (propertiesOf(schema) ?? []).length > 0 ? ["{ … }"] : parts;
}

function outcome({ task }: Entry, types: TypeText): readonly Block[] {
  const blocks: Block[] = [];
  for (const [what, schema] of [
    ["Returns", task.returns],
    ["Progress", task.progress],
  ] as const) {
    if (schema === null) continue;
    const properties = propertiesOf(schema) ?? [];
    const words = describe(schema);
    const text: Text = [code(...(properties.length > 0 ? ["object"] : types.of(schema)))];
    blocks.push({ kind: "labelled", label: what, text: words.length > 0 ? [...text, ": ", ...words] : text });
    if (properties.length > 0) blocks.push(valueTable("Property", properties, types));
  }
  return blocks;
}

/** An error whose data has a name is described there. */
function errorTable({ task, manifest }: Entry, types: TypeText): ValuesBlock {
  const rows = Object.keys(task.errors)
    .sort()
    .map((error) => {
      const schema = task.errors[error] ?? {};
      const { $ref } = schema;
      const named = typeof $ref === "string" ? manifest.$defs[$ref.replace("#/$defs/", "")] : undefined;
      const { description } = { ...named, ...schema };
      return {
        name: error,
        depth: 0,
        isOptional: false,
        type: code(...types.of(schema)),
        description: describe({ ...schema, ...(description !== undefined && { description }) }),
      };
    });
  return { kind: "values", title: "Errors", head: ["Error", "Data"], rows };
}

function delivery({ task, name, manifest }: Entry): Block {
  const { retry, timeLimit, expires, priority } = task;
  const rows: [string, Text][] = [["Queue", [code(task.queue)]]];
  if (name !== `${manifest.contract}.${task.key}`) rows.unshift(["Name", [code(name)]]);
  if (priority !== undefined) rows.push(["Priority", [String(priority)]]);
  if (retry !== undefined) {
    const grows = retry.backoff === "exponential" && retry.delay < retry.maxDelay;
    const delays = grows
      ? `doubling from ${durationText(retry.delay)} to ${durationText(retry.maxDelay)}`
      : durationText(retry.delay);
    const also: Text =
      retry.on.length === 0
        ? []
        : [
            "; also on ",
            ...joined(
              retry.on.map((error) => [code(error)]),
              ", ",
            ),
          ];
    rows.push(["Retries", [`${retry.limit} times, ${delays} apart${retry.jitter ? ", spread at random" : ""}`, ...also]]);
  }
  const limits = Object.entries(timeLimit ?? {}).map(([kind, ms]) => `${kind} ${durationText(ms)}`);
  if (limits.length > 0) rows.push(["Time limits", [limits.join(", ")]]);
  if (expires !== undefined) rows.push(["Expires", [`when it hasn't started after ${durationText(expires)}`]]);
  rows.push([
    "Acknowledged",
    [
      task.ack === "late"
        ? "late: when it has ended; it runs again if its worker is lost"
        : "early: before it runs, at most once",
    ],
  ]);
  if (task.ignoreResult) rows.push(["Result", ["not kept"]]);
  rows.push(["Fingerprint", [code(task.fingerprint)]]);
  return { kind: "facts", title: "Delivery", rows };
}

const linkWords: Readonly<Record<LinkFact["kind"], string>> = {
  link: "when it succeeds",
  linkError: "when it fails",
  chain: "as the next step",
  chord: "when all of a group have succeeded",
};

/** Who uses it, what is linked behind it and what could be. */
function relations(entry: Entry, { fits, usage, contracts }: Context): readonly Block[] {
  const { name } = entry;
  const items: Text[] = [];
  const used = (what: string, where: readonly Whereabouts[]): void => {
    if (where.length > 0) items.push([{ kind: "strong", text: what }, " ", ...places(where)]);
  };
  used("Served by", usage.usesOf(name, "handle"));
  used("Called by", usage.usesOf(name, "call", "with", "delay", "applyAsync", "sendTask"));
  used("In signatures of", usage.usesOf(name, "s", "si", "map", "starmap", "chunks"));
  for (const { kind, callback, where } of usage.linksBehind(name)) {
    items.push([
      { kind: "strong", text: "Starts" },
      " ",
      taskLink(callback, contracts),
      ` ${linkWords[kind]}: `,
      ...places(where),
    ]);
  }
  for (const { kind, parent, where } of usage.parentsOf(name)) {
    const behind: Text = parent === null ? ["a task that the source doesn't show"] : [taskLink(parent, contracts)];
    items.push([{ kind: "strong", text: "Started by" }, " ", ...behind, ` ${linkWords[kind]}: `, ...places(where)]);
  }
  if (items.length === 0 && !usage.isEmpty) items.push(["No use in the given reports."]);
  const callbacks = fits.callbacksOf(entry).map((each): Text => [taskLink(each.name, contracts)]);
  if (callbacks.length > 0)
    items.push([{ kind: "strong", text: "Callbacks that fit its result:" }, " ", ...joined(callbacks, ", ")]);
  return items.length === 0 ? [] : [{ kind: "list", title: "Who uses it", items }];
}

/** A task's name, which leads to it if it is in the catalogue. */
export function taskLink(name: string, contracts: Context["contracts"]): Inline {
  const manifest = contracts.get(name);
  return manifest === undefined
    ? code(name)
    : code({ text: name, to: { contract: manifest.contract, anchor: anchorOf("task", name) } });
}

export function places(where: readonly Whereabouts[]): Text {
  return joined(
    where.map(({ by, files }): Text => {
      const list = joined(
        files.map((file) => [code(file)]),
        ", ",
      );
      return by === "" ? list : [`${by} (`, ...list, ")"];
    }),
    "; ",
  );
}
