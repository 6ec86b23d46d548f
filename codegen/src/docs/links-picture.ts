import type { Block, Edge, GraphNode } from "./blocks.ts";
import { layOut, type Box, type Point } from "./graph-layout.ts";
import { escape, wordsOf } from "./html-text.ts";

/** Letters of the picture, in its own units: a monospaced font of 12. */
const letter = { width: 7.25, height: 16 };
/** Longer names go on in the next line. */
const lineLength = 23;
/** Above a service's tasks, for its name. */
const titleHeight = 20;
const elsewhere = "not in this catalogue";

/** Services as boxes with their tasks in them; an arrow for each kind of link between two tasks, which leads to the task that it starts. */
export function picture({ nodes, edges }: Extract<Block, { kind: "graph" }>): string {
  const drawn = nodes.map((node, index) => ({ node, id: `n${index}`, lines: linesOf(node.short) }));
  const idOf = new Map(drawn.map(({ node, id }) => [node.name, id]));
  const toOf = new Map(nodes.map(({ name, to }) => [name, to?.anchor]));
  const laidOut = layOut({
    nodes: drawn.map(({ node, id, lines }) => ({
      id,
      group: groupOf(node),
      width: Math.max(...lines.map(({ length }) => length)) * letter.width + 20,
      height: lines.length * letter.height + 12,
    })),
    edges: edges.map(({ from, to }, index) => ({ id: `e${index}`, from: idOf.get(from) ?? "", to: idOf.get(to) ?? "" })),
  });
  const { boxes, lines } = laidOut;
  const groups = new Map(nodes.map((node) => [groupOf(node), node]));
  const [width, height] = [Math.ceil(laidOut.width), Math.ceil(laidOut.height)];
  const parts = [
    ...[...groups.keys()].map((group) => serviceBox(boxes.get(group))),
    ...edges.map((edge, index) => {
      const [from, to] = [boxes.get(idOf.get(edge.from) ?? ""), boxes.get(idOf.get(edge.to) ?? "")];
      return edgeSvg(edge, toOf.get(edge.to), fromSideToSide(lines.get(`e${index}`) ?? [], from, to));
    }),
    ...[...groups].map(([group, node]) => serviceTitle(node, boxes.get(group))),
    ...drawn.map(({ node, id, lines: texts }) => taskSvg(node, texts, boxes.get(id))),
  ];
  // Smaller than this, names can't be read: the picture is scrolled instead, by keys too.
  return `${legend(edges)}
<div class="picture" role="region" aria-label="Picture of the links" tabindex="0">
<svg viewBox="0 0 ${width} ${height}" style="min-width: ${Math.ceil(width * 0.78)}px; max-width: ${width}px" role="group" aria-label="Which task starts which">
${parts.join("\n")}
</svg>
</div>`;
}

function groupOf({ service }: GraphNode): string {
  return service === undefined ? "elsewhere" : `service ${service}`;
}

function legend(edges: readonly Edge[]): string {
  const labels = new Map(edges.map(({ kind, label }) => [kind, label]));
  const items = (["link", "linkError", "chain", "chord"] as const).flatMap((kind) => {
    const label = labels.get(kind);
    if (label === undefined) return [];
    const line = `<path class="line" d="M1 6H26"/><path class="head" d="M26 2l8 4l-8 4z"/>`;
    return [
      `<li><svg class="edge ${kind}" viewBox="0 0 36 12" width="36" height="12" aria-hidden="true">${line}</svg> ${escape(label)}</li>`,
    ];
  });
  return `<ul class="legend">\n${items.join("\n")}\n</ul>`;
}

/** Reaches above its tasks, where its name is. */
function serviceBox(box: Box | undefined): string {
  if (box === undefined) return "";
  const { x, y } = cornerOf(box);
  const size = `width="${round(box.width)}" height="${round(box.height + titleHeight)}"`;
  return `<rect class="service" x="${x}" y="${round(y - titleHeight)}" ${size} rx="10"/>`;
}

/** Above the lines, which would cross it out. */
function serviceTitle({ service }: GraphNode, box: Box | undefined): string {
  if (box === undefined) return "";
  const { x, y } = cornerOf(box);
  return `<text class="service" x="${round(x + 12)}" y="${round(y - 3)}">${escape(service ?? elsewhere)}</text>`;
}

function cornerOf(box: Box): Point {
  return { x: round(box.x - box.width / 2), y: round(box.y - box.height / 2) };
}

/** Lines that go to the right leave a task at its right side, and come to the next one at its left. */
function fromSideToSide(points: readonly Point[], from: Box | undefined, to: Box | undefined): readonly Point[] {
  if (from === undefined || to === undefined || from.x + from.width / 2 >= to.x - to.width / 2) return points;
  const start = { x: from.x + from.width / 2, y: from.y };
  const end = { x: to.x - to.width / 2, y: to.y };
  // The last piece is level, and so is the arrow's head.
  const before = { x: end.x - 14, y: end.y };
  return [start, { x: start.x + 14, y: start.y }, ...points.slice(1, -1), before, end];
}

function taskSvg({ name, to }: GraphNode, lines: readonly string[], box: Box | undefined): string {
  if (box === undefined) return "";
  const { x, y } = cornerOf(box);
  const texts = lines.map((line, index) => `<tspan x="${x + 10}" y="${y + 17 + index * letter.height}">${escape(line)}</tspan>`);
  const shape = `<rect x="${x}" y="${y}" width="${round(box.width)}" height="${round(box.height)}" rx="6"/><text>${texts.join("")}</text>`;
  if (to === undefined) return `<g class="task"><title>${escape(name)}</title>${shape}</g>`;
  return `<a class="task" href="#${escape(to.anchor)}" aria-label="${escape(name)}">${shape}</a>`;
}

/** n.b. Arrows are for the mouse: by keys one comes to the task that it leads to. */
function edgeSvg({ from, to, kind, label }: Edge, anchor: string | undefined, points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return "";
  const line = curve(points);
  const words = `${from}, on ${label}: ${to}`;
  const inside = `<title>${escape(words)}</title><path class="hit" d="${line}"/><path class="line" d="${line}"/><path class="head" d="${arrowHead(before, end)}"/>`;
  if (anchor === undefined) return `<g class="edge ${kind}">${inside}</g>`;
  return `<a class="edge ${kind}" href="#${escape(anchor)}" tabindex="-1" aria-label="${escape(words)}">${inside}</a>`;
}

/** A line that bends around the points between its ends. */
function curve(points: readonly Point[]): string {
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  const [first, ...others] = points;
  if (first === undefined) return "";
  const bends = others.slice(0, -1).map((point, index) => {
    const next = others[index + 1] ?? point;
    const isLast = index === others.length - 2;
    return `Q${at(point)} ${at(isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  const last = others.at(-1);
  return `M${at(first)}${bends.join("")}${bends.length === 0 && last !== undefined ? `L${at(last)}` : ""}`;
}

function arrowHead(before: Point, end: Point): string {
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const corner = (side: number): string => `${round(end.x - 9 * dx + side * 4 * dy)} ${round(end.y - 9 * dy - side * 4 * dx)}`;
  return `M${round(end.x)} ${round(end.y)}L${corner(1)}L${corner(-1)}z`;
}

function linesOf(name: string): readonly string[] {
  const lines: string[] = [];
  for (const word of wordsOf(name)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length > lineLength) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
