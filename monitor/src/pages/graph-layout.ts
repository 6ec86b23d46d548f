import { createRequire } from "node:module";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Graph {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface Layout {
  /** The middle of each node. */
  readonly places: ReadonlyMap<string, Point>;
  readonly lines: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
  readonly width: number;
  readonly height: number;
}

export const nodeWidth = 190;
export const nodeHeight = 58;

/** What we use of dagre. */
interface Dagre {
  readonly Graph: new () => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(options: object): void;
  graph(): { readonly width: number; readonly height: number };
  setNode(id: string, label: object): void;
  node(id: string): Point;
  setEdge(from: string, to: string, label: object): void;
  edge(from: string, to: string): { readonly points: readonly Point[] };
}

// n.b. The types of dagre 3.1 import each other without file extensions, which nodenext doesn't resolve.
const dagre = createRequire(import.meta.url)("@dagrejs/dagre") as Dagre;

/** A live page asks for the same graph each second; only its states differ. */
const cache = new Map<string, Layout>();
const cached = 50;

/** Places nodes from left to right. */
export function layOut(graph: Graph): Layout {
  const key = JSON.stringify(graph);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const drawn = new dagre.Graph();
  drawn.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 56, marginx: 16, marginy: 16 });
  for (const id of graph.nodes) drawn.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of graph.edges) drawn.setEdge(from, to, {});
  dagre.layout(drawn);
  const layout: Layout = {
    places: new Map(graph.nodes.map((id) => [id, drawn.node(id)])),
    lines: graph.edges.map(({ from, to }) => ({ from, to, points: drawn.edge(from, to).points })),
    width: Math.ceil(drawn.graph().width),
    height: Math.ceil(drawn.graph().height),
  };
  cache.set(key, layout);
  const [oldest] = cache.keys();
  if (cache.size > cached && oldest !== undefined) cache.delete(oldest);
  return layout;
}
