/**
 * `node scripts/graph.mjs [folder …]` prints the imports between files, types included: for each folder its files, its floors (the files on
 * the longest path of imports inside it), and all circles. Exit code 1 when there is a circle.
 */
import "./lib/check-node.mjs";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { root } from "./lib/processes.mjs";

const areas = process.argv.length > 2 ? process.argv.slice(2) : ["src", "codegen/src", "monitor/src", "bench/src"];

const files = areas.flatMap((area) =>
  readdirSync(join(root, area), { recursive: true, encoding: "utf8" })
    .map((path) => `${area}/${path.split(sep).join("/")}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts") && !/\/(dist|node_modules)\//.test(path)),
);
const known = new Set(files);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The formatter writes each source on the line of its `from` or `import`. */
function importsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  const sources = [...text.matchAll(/(?:\bfrom |^import |\bimport\()"(\.[^"]+)"/gm)].map(([, source]) => source);
  const targets = sources.map((source) => posix.normalize(posix.join(posix.dirname(file), source)));
  return [...new Set(targets)].filter((target) => known.has(target));
}

/** Groups of nodes that reach each other (Tarjan), each behind those that it reaches. */
function components(nodes, next) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const done = new Set();
  const found = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const other of next(node)) {
      if (!order.has(other)) visit(other);
      if (!done.has(other)) low.set(node, Math.min(low.get(node), low.get(other)));
    }
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    for (const each of group) done.add(each);
    found.push(group);
  };
  for (const node of nodes) if (!order.has(node)) visit(node);
  return found;
}

/** A circle is one floor for each of its files: they can only be read together. */
function floorsOf(nodes, next) {
  const floor = new Map();
  for (const group of components(nodes, next)) {
    const below = group.flatMap(next).filter((other) => !group.includes(other));
    const height = Math.max(0, ...below.map((other) => floor.get(other))) + group.length;
    for (const node of group) floor.set(node, height);
  }
  return Math.max(0, ...floor.values());
}

const inside = (folder) => files.filter((file) => file.startsWith(`${folder}/`));
const folders = [...new Set(files.map((file) => posix.dirname(file)))].sort();
const width = Math.max(...folders.map((folder) => folder.length));
console.log(`${"folder".padEnd(width)}  files  with subfolders  floors`);
for (const folder of folders) {
  const all = inside(folder);
  const own = all.filter((file) => posix.dirname(file) === folder);
  const floors = floorsOf(all, (file) => (imports.get(file) ?? []).filter((target) => target.startsWith(`${folder}/`)));
  console.log(
    `${folder.padEnd(width)}  ${String(own.length).padStart(5)}  ${String(all.length).padStart(15)}  ${String(floors).padStart(6)}`,
  );
}

const circles = components(files, (file) => imports.get(file)).filter((group) => group.length > 1);
console.log(`\ncircles of files: ${circles.length}`);
for (const circle of circles) console.log(`  ${circle.join(", ")}`);

const roomOf = (file) =>
  areas
    .map(
      (area) =>
        file.startsWith(`${area}/`) &&
        file.slice(area.length + 1).split("/").length > 1 &&
        `${area}/${file.slice(area.length + 1).split("/")[0]}`,
    )
    .find(Boolean);
const rooms = [...new Set(files.map(roomOf).filter(Boolean))];
const nextRooms = (room) =>
  [
    ...new Set(
      inside(room)
        .flatMap((file) => imports.get(file))
        .map(roomOf),
    ),
  ].filter((other) => other && other !== room);
const roomCircles = components(rooms, nextRooms).filter((group) => group.length > 1);
console.log(`circles of folders: ${roomCircles.length}`);
for (const circle of roomCircles) console.log(`  ${circle.join(", ")}`);
process.exitCode = circles.length + roomCircles.length > 0 ? 1 : 0;
