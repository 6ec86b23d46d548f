import { createRequire } from "node:module";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphToLayOut {
  readonly nodes: readonly { readonly id: string; readonly group: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly id: string }[];
}

export interface LaidOutGraph {
  /** Of nodes and groups, by id; x and y are of the middle. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** Of edges, by id. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** What we use of dagre. */
interface Dagre {
  readonly Graph: new (options: { readonly compound: boolean; readonly multigraph: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(options: object): void;
  graph(): { readonly width: number; readonly height: number };
  setNode(id: string, label: object): void;
  setParent(id: string, parent: string): void;
  node(id: string): Box;
  setEdge(from: string, to: string, label: object, name: string): void;
  edge(from: string, to: string, name: string): { readonly points: readonly Point[] };
}

// n.b. The types of dagre 3.1 import each other without file extensions, which nodenext doesn't resolve.
const require = createRequire(import.meta.url);
const { Graph, layout } = require("@dagrejs/dagre") as Dagre;

/** Places nodes from left to right, each within its group; the same graph gives the same places. */
export function layOut({ nodes, edges }: GraphToLayOut): LaidOutGraph {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 44, edgesep: 10, ranksep: 44, marginx: 10, marginy: 26 });
  const groups = [...new Set(nodes.map(({ group }) => group))];
  for (const group of groups) graph.setNode(group, {});
  for (const { id, group, width, height } of nodes) {
    graph.setNode(id, { width, height });
    graph.setParent(id, group);
  }
  for (const { from, to, id } of edges) graph.setEdge(from, to, {}, id);
  layout(graph);
  return {
    boxes: new Map([...groups, ...nodes.map(({ id }) => id)].map((id) => [id, graph.node(id)])),
    lines: new Map(edges.map(({ from, to, id }) => [id, graph.edge(from, to, id).points])),
    ...graph.graph(),
  };
}
