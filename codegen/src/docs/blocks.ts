/** What the catalogue consists of, before it is Markdown or HTML. */
export type Block =
  | {
      readonly kind: "heading";
      readonly level: 1 | 2 | 3 | 4;
      readonly text: string;
      /** Where links lead; only where one may. */
      readonly anchor?: string;
    }
  /** Words of a contract's author: Markdown that isn't trusted. */
  | { readonly kind: "prose"; readonly markdown: string }
  | { readonly kind: "text"; readonly text: Text }
  /** How a task is called, as code on a line of its own. */
  | { readonly kind: "signature"; readonly parts: readonly CodePart[] }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly Text[])[] }
  /** Who links to whom, as a picture where pictures can be drawn from text. */
  | { readonly kind: "graph"; readonly edges: readonly Edge[] };

export interface Edge {
  readonly from: string;
  readonly to: string;
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
