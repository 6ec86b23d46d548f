import type { Manifest } from "../manifest/index.ts";
import { entriesOf } from "./entries.ts";
import { anchorOf, code, joined, type Block, type GraphNode, type Inline, type Text } from "./blocks.ts";
import { firstSentence, places, shortName, taskLink, taskSection, type Context } from "./task-section.ts";
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
      look: "contents",
      title: `Tasks of ${contract}`,
      head: ["Task", "What it does"],
      rows: entries.map(({ name, task }): readonly Text[] => [
        [taskLink(name, context.contracts)],
        [
          ...(task.deprecated === undefined ? [] : [{ kind: "strong", text: "Deprecated." } as const, " "]),
          ...(task.description === undefined ? [] : [{ kind: "prose", markdown: firstSentence(task.description) } as const]),
        ],
      ]),
    },
    ...entries.map((entry) => taskSection(entry, context)),
    ...typeSections(manifest, context),
  ];
}

function typeSections({ contract, $defs }: Manifest, { types }: Context): readonly Block[] {
  const names = Object.keys($defs).sort();
  if (names.length === 0) return [];
  const blocks: Block[] = [{ kind: "heading", level: 3, text: `Types of ${contract}` }];
  for (const name of names) {
    const { description, ...schema } = $defs[name] ?? {};
    const said = typeof description === "string" ? description : undefined;
    const properties = propertiesOf(schema) ?? [];
    const value: Block =
      properties.length > 0
        ? valueTable("Property", properties, types)
        : {
            kind: "text",
            text: joined(
              [[code(...types.of(schema))], describe(schema)].filter((each) => each.length > 0),
              ": ",
            ),
          };
    blocks.push({
      kind: "entry",
      of: "type",
      level: 4,
      name,
      short: name,
      anchor: anchorOf("type", contract, name),
      isDeprecated: false,
      summary: said === undefined ? [] : [{ kind: "prose", markdown: firstSentence(said) }],
      blocks: [...(said === undefined ? [] : [{ kind: "prose", markdown: said } as const]), value],
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
      look: "cards",
      title: "Contracts",
      head: ["Contract", "Package", "Tasks", "What it is"],
      rows: manifests.map(({ contract, package: name, tasks, description }): readonly Text[] => [
        [contractLink(contract)],
        [code(name)],
        [String(Object.keys(tasks).length)],
        description === undefined ? [] : [{ kind: "prose", markdown: firstSentence(description) }],
      ]),
    },
    { kind: "heading", level: 2, text: "Queues", anchor: "queues" },
    queueTable(manifests, context),
    { kind: "heading", level: 2, text: "Links", anchor: "links" },
    ...links(context),
  ];
}

function queueTable(manifests: readonly Manifest[], { contracts }: Context): Block {
  const names = [...new Set(manifests.flatMap(({ tasks }) => Object.values(tasks).map(({ queue }) => queue)))].sort();
  return {
    kind: "table",
    look: "folded",
    title: counted(names.length, "queue"),
    head: ["Queue", "Type", "Delivery limit", "Priorities", "Greatest length", "Dead letters", "Tasks"],
    rows: names.flatMap((name) => {
      // A task's own queue is as its contract's.
      const users = manifests.filter(({ tasks }) => Object.values(tasks).some(({ queue }) => queue === name));
      const owner = users.find(({ queue }) => queue.name === name) ?? users[0];
      if (owner === undefined) return [];
      const { queue, runtime } = owner;
      const isCelerys = runtime === "celery";
      return [
        [
          [code(name)],
          [isCelerys ? `${queue.type}, declared by Celery` : queue.type],
          [isCelerys ? "" : String(queue.deliveryLimit)],
          [queue.maxPriority === undefined ? "" : `up to ${queue.maxPriority}`],
          [queue.maxLength === undefined ? "" : String(queue.maxLength)],
          isCelerys ? [] : [code(`${name}.dead`)],
          joined(
            users.flatMap((user) => tasksIn(name, user, contracts)),
            ", ",
          ),
        ],
      ];
    }),
  };
}

/** A contract's tasks in one queue; a contract that has no other queue is named instead of its tasks. */
function tasksIn(queue: string, manifest: Manifest, contracts: Context["contracts"]): readonly Text[] {
  const entries = entriesOf(manifest);
  const inside = entries.filter(({ task }) => task.queue === queue);
  if (inside.length < entries.length || inside.length < 4) return inside.map(({ name }) => [taskLink(name, contracts)]);
  return [[`all ${inside.length} of `, contractLink(manifest.contract)]];
}

function contractLink(contract: string): Inline {
  return { kind: "link", text: contract, to: { contract, anchor: anchorOf("contract", contract) } };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
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
  const shown = usage.links.flatMap(({ parent, callback, kind }) =>
    parent === null ? [] : [{ from: parent, to: callback, kind, label: kindWords[kind] }],
  );
  const linked = [...new Set(shown.flatMap(({ from, to }) => [from, to]))].sort();
  const unclear =
    count === 0 ? "" : ` ${count} place${count === 1 ? " in it is" : "s in it are"} unclear; ligature usage lists them.`;
  const basis = `As the source of ${usage.packages.join(", ") || "the given repositories"} shows it.${unclear}`;
  if (usage.links.length === 0) return [{ kind: "text", text: [`${basis} Nothing is linked there.`] }];
  return [
    { kind: "text", text: [basis] },
    ...(shown.length === 0
      ? []
      : [{ kind: "graph", nodes: linked.map((name) => graphNode(name, contracts)), edges: shown } as const]),
    {
      kind: "table",
      look: "folded",
      title: counted(usage.links.length, "link"),
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

function graphNode(name: string, contracts: Context["contracts"]): GraphNode {
  const contract = contracts.get(name)?.contract;
  if (contract === undefined) return { name, short: name };
  return { name, short: shortName(name, contract), service: contract, to: { contract, anchor: anchorOf("task", name) } };
}
