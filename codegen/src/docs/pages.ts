import type { Manifest } from "../manifest/index.ts";
import { entriesOf } from "./entries.ts";
import { anchorOf, code, joined, type Block, type Text } from "./blocks.ts";
import { places, taskLink, taskSection, type Context } from "./task-section.ts";
import { describe, propertiesOf, valueTable } from "./value-rows.ts";

/** Everything about one contract. */
export function contractPage(manifest: Manifest, context: Context): readonly Block[] {
  const { contract, runtime } = manifest;
  const entries = entriesOf(manifest);
  const served = runtime === "celery" ? "a Celery service, in Python" : "a Ligature service";
  return [
    { kind: "heading", level: 2, text: contract, anchor: anchorOf("contract", contract) },
    ...(manifest.description === undefined ? [] : [{ kind: "prose", markdown: manifest.description } as const]),
    { kind: "text", text: ["Package ", code(manifest.package), `, served by ${served}.`] },
    {
      kind: "table",
      head: ["Task", "What it does"],
      rows: entries.map(({ name, task }): readonly Text[] => [
        [taskLink(name, context.contracts)],
        [
          ...(task.deprecated === undefined ? [] : [{ kind: "strong", text: "Deprecated." } as const, " "]),
          ...(task.description === undefined ? [] : [{ kind: "prose", markdown: firstSentence(task.description) } as const]),
        ],
      ]),
    },
    ...entries.flatMap((entry) => taskSection(entry, context)),
    ...typeSections(manifest, context),
  ];
}

function typeSections({ contract, $defs }: Manifest, { types }: Context): readonly Block[] {
  const names = Object.keys($defs).sort();
  if (names.length === 0) return [];
  const blocks: Block[] = [{ kind: "heading", level: 3, text: `Types of ${contract}` }];
  for (const name of names) {
    const { description, ...schema } = $defs[name] ?? {};
    blocks.push({ kind: "heading", level: 4, text: name, anchor: anchorOf("type", contract, name) });
    if (typeof description === "string") blocks.push({ kind: "prose", markdown: description });
    const properties = propertiesOf(schema) ?? [];
    if (properties.length > 0) blocks.push(valueTable("Property", properties, types));
    else
      blocks.push({
        kind: "text",
        text: joined(
          [[code(...types.of(schema))], describe(schema)].filter((each) => each.length > 0),
          ": ",
        ),
      });
  }
  return blocks;
}

/** What is there, queues, and who links to whom. */
export function indexPage(title: string, manifests: readonly Manifest[], context: Context): readonly Block[] {
  return [
    { kind: "heading", level: 1, text: title },
    {
      kind: "table",
      head: ["Contract", "Package", "Tasks", "What it is"],
      rows: manifests.map(({ contract, package: name, tasks, description }): readonly Text[] => [
        [{ kind: "link", text: contract, to: { contract, anchor: anchorOf("contract", contract) } }],
        [code(name)],
        [String(Object.keys(tasks).length)],
        description === undefined ? [] : [{ kind: "prose", markdown: firstSentence(description) }],
      ]),
    },
    { kind: "heading", level: 2, text: "Queues" },
    queueTable(manifests, context),
    { kind: "heading", level: 2, text: "Links" },
    ...links(context),
  ];
}

function queueTable(manifests: readonly Manifest[], { contracts }: Context): Block {
  const names = [...new Set(manifests.flatMap(({ tasks }) => Object.values(tasks).map(({ queue }) => queue)))].sort();
  return {
    kind: "table",
    head: ["Queue", "Type", "Delivery limit", "Priorities", "Dead letters", "Tasks"],
    rows: names.flatMap((name) => {
      // A task's own queue is as its contract's.
      const users = manifests.filter(({ tasks }) => Object.values(tasks).some(({ queue }) => queue === name));
      const owner = users.find(({ queue }) => queue.name === name) ?? users[0];
      if (owner === undefined) return [];
      const { queue, runtime } = owner;
      const tasks = users.flatMap((user) => entriesOf(user).filter(({ task }) => task.queue === name));
      const isCelerys = runtime === "celery";
      return [
        [
          [code(name)],
          [isCelerys ? `${queue.type}, declared by Celery` : queue.type],
          [isCelerys ? "" : String(queue.deliveryLimit)],
          [queue.maxPriority === undefined ? "" : `up to ${queue.maxPriority}`],
          isCelerys ? [] : [code(`${name}.dead`)],
          joined(
            tasks.map((each) => [taskLink(each.name, contracts)]),
            ", ",
          ),
        ],
      ];
    }),
  };
}

const kindWords = { link: "success", linkError: "failure", chain: "next step", chord: "end of a group" } as const;

/** Contracts alone tell which callbacks fit; who uses them, only the source of those who do. */
function links({ usage, contracts }: Context): readonly Block[] {
  if (usage.isEmpty) {
    const why =
      "Who links to whom isn't known here: no report was given. Contracts alone tell which callbacks fit, which is noted with each task; " +
      "what is really linked stands in the source of those who do it: ";
    return [
      {
        kind: "text",
        text: [why, code("ligature usage > usage.json"), ", then ", code("ligature docs --usage usage.json"), "."],
      },
    ];
  }
  const count = usage.unresolved;
  const unclear =
    count === 0 ? "" : ` ${count} place${count === 1 ? " in it is" : "s in it are"} unclear; ligature usage lists them.`;
  const basis = `As the source of ${usage.packages.join(", ") || "the given repositories"} shows it.${unclear}`;
  if (usage.links.length === 0) return [{ kind: "text", text: [`${basis} Nothing is linked there.`] }];
  return [
    { kind: "text", text: [basis] },
    {
      kind: "graph",
      edges: usage.links.flatMap(({ parent, callback, kind }) =>
        parent === null ? [] : [{ from: parent, to: callback, label: kindWords[kind] }],
      ),
    },
    {
      kind: "table",
      head: ["Task", "On", "Starts", "Linked by"],
      rows: usage.links.map(({ parent, callback, kind, where }): readonly Text[] => [
        [parent === null ? "not known" : taskLink(parent, contracts)],
        [kindWords[kind]],
        [taskLink(callback, contracts)],
        places(where),
      ]),
    },
  ];
}

function firstSentence(markdown: string): string {
  const [paragraph = ""] = markdown.split(/\n\s*\n/);
  const line = paragraph.replaceAll(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s+[\p{Lu}`])/u.exec(line)?.[0] ?? line;
}
