import type { LinkKind } from "../usage/index.ts";

/** What the catalogue consists of, before it is Markdown or HTML. */
export type Block =
  | {
      readonly kind: "heading";
      readonly level: 1 | 2 | 3 | 4;
      readonly text: string;
      /** Where links lead; only where one may. */
      readonly anchor?: string;
    }
  | EntryBlock
  /** Words of a contract's author: Markdown that isn't trusted. */
  | { readonly kind: "prose"; readonly markdown: string }
  | { readonly kind: "text"; readonly text: Text }
  /** A text under a name of its own: what a task returns. */
  | { readonly kind: "labelled"; readonly label: string; readonly text: Text }
  /** How a task is called, as code on lines of its own. */
  | { readonly kind: "signature"; readonly parts: readonly CodePart[] }
  | { readonly kind: "list"; readonly title?: string; readonly items: readonly Text[] }
  | TableBlock
  | ValuesBlock
  /** Short values, each under its name. */
  | { readonly kind: "facts"; readonly title: string; readonly rows: readonly (readonly [string, Text])[] }
  /** Who links to whom, as a picture. */
  | { readonly kind: "graph"; readonly nodes: readonly GraphNode[]; readonly edges: readonly Edge[] };

/** A task or a type, with all that is said of it: folded up where pages can fold. */
export interface EntryBlock {
  readonly kind: "entry";
  readonly of: "task" | "type";
  readonly level: 3 | 4;
  readonly name: string;
  /** The name where its contract is plain. */
  readonly short: string;
  readonly anchor: string;
  readonly isDeprecated: boolean;
  /** What is seen while it is folded up. */
  readonly summary: Text;
  readonly blocks: readonly Block[];
}

export interface TableBlock {
  readonly kind: "table";
  /** What it is a table of, for those who don't see it. */
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Text[])[];
  /** Left out where entries fold up, and so are their own list; shown folded up; or as cards. */
  readonly look?: "contents" | "folded" | "cards";
}

/** Parameters, properties, errors: names with a type and a description. */
export interface ValuesBlock {
  readonly kind: "values";
  /** A heading, where what is before it doesn't say what these are. */
  readonly title?: string;
  readonly head: readonly [name: string, type: string];
  readonly rows: readonly ValueRow[];
}

export interface ValueRow {
  readonly name: string;
  /** How deep it lies in another value of the list. */
  readonly depth: number;
  readonly isOptional: boolean;
  readonly type: Inline;
  readonly default?: string;
  readonly description: Text;
}

/** A task of the picture of links. */
export interface GraphNode {
  readonly name: string;
  readonly short: string;
  /** The service that runs it; undefined where its contract isn't in the catalogue. */
  readonly service?: string;
  /** Only of tasks that are in the catalogue. */
  readonly to?: Target;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
  readonly label: string;
}

export type Text = readonly Inline[];

export type Inline =
  | string
  | { readonly kind: "code"; readonly parts: readonly CodePart[] }
  | { readonly kind: "link"; readonly text: string; readonly to: Target }
  | { readonly kind: "strong"; readonly text: string }
  /** Words of a contract's author, on one line. */
  | { readonly kind: "prose"; readonly markdown: string };

/** Code, and names in it that have a place in the catalogue. */
export type CodePart = string | { readonly text: string; readonly to: Target };

export interface Target {
  /** On which contract's page. */
  readonly contract: string;
  readonly anchor: string;
}

export function code(...parts: readonly CodePart[]): Inline {
  return { kind: "code", parts };
}

/** Joins texts with something between them. */
export function joined(texts: readonly Text[], separator: string): Text {
  return texts.flatMap((text, index) => (index === 0 ? text : [separator, ...text]));
}

/** A part of a URL that stands for a name, and for no other: letters that need no escape stay. */
export function anchorOf(kind: "contract" | "task" | "type", ...names: readonly string[]): string {
  const safe = names.map((name) => name.replaceAll(/[^A-Za-z0-9_.-]/g, (letter) => `~${letter.codePointAt(0)?.toString(16)}~`));
  return [kind, ...safe].join("-");
}
