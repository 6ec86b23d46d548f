import { existsSync, statSync } from "node:fs";
import { posix } from "node:path";
import { bounds, frontFiles, packageOwners, publicTypes, sideDoors, stacks, typesOnlyAbove } from "./rooms.mjs";

/**
 * What is wrong with an import, or undefined.
 * @param file the importing file, from the root, with `/`
 * @param specifier as it is written
 * @param typeOnly whether nothing of it is left at run time
 */
export function wrongImport(file, specifier, typeOnly) {
  if (specifier.startsWith("node:")) return undefined;
  const target = specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(file), specifier)) : specifier;
  const bound = longestKey(bounds, file);
  if (bound !== undefined && bounds[bound].not.test(target)) return bounds[bound].why;
  if (!specifier.startsWith(".")) return wrongPackage(file, specifier);
  const area = Object.keys(stacks).find((folder) => isIn(file, folder) && isIn(target, folder));
  return area === undefined ? undefined : wrongRoom(file, target, typeOnly);
}

function wrongPackage(file, specifier) {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const owners = packageOwners[name];
  if (owners === undefined)
    return isIn(file, "src") ? `No folder of src/ imports ${name}: see packageOwners in scripts/lib/rooms.mjs.` : undefined;
  // Others than the runtime and codegen are users, who have packages of their own.
  if (!isIn(file, "src") && !isIn(file, "codegen/src")) return undefined;
  if (owners.some((owner) => isIn(file, owner))) return undefined;
  return `${name} belongs to ${owners.map((owner) => `${owner}/`).join(", ")}.`;
}

function wrongRoom(file, target, typeOnly) {
  const [parent, from, to, isFolder] = meeting(file, target);
  const allowed = typesOnlyAbove[`${parent}/${from}`];
  const stack = stacks[parent];
  if (stack !== undefined) {
    const floorOf = (name) => stack.findIndex((floor) => floor.includes(name));
    for (const [name, path] of [
      [from, file],
      [to, target],
    ]) {
      if (floorOf(name) === -1 && path !== `${parent}/${name}`)
        return `${parent}/${name}/ has no floor: give it a line in scripts/lib/rooms.mjs.`;
    }
    const [own, other] = [floorOf(from), floorOf(to)];
    if (own !== -1 && other !== -1 && from !== to && other >= own) {
      const below = stack.slice(0, own).flat();
      return `${parent}/${from} may import ${below.length === 0 ? "no other room" : `${below.join(", ")} only`} (scripts/lib/rooms.mjs).`;
    }
    if (allowed !== undefined && other > floorOf(posix.basename(allowed))) {
      return typeOnly ? undefined : `${parent}/${from} may import types only from above ${allowed} (scripts/lib/rooms.mjs).`;
    }
  }
  if (!isFolder || from === to || target === `${parent}/${to}/index.ts`) return undefined;
  if (typeOnly && publicTypes.includes(file)) return undefined;
  if (frontFiles.includes(target)) return undefined;
  const guests = sideDoors[posix.dirname(target)] ?? [];
  if (posix.basename(target) === "index.ts" && guests.some((guest) => isIn(file, guest))) return undefined;
  return "Import another folder by its index.ts.";
}

/** Where two paths part: the folder that both are in, and the next step of each. */
function meeting(file, target) {
  const [a, b] = [file.split("/"), target.split("/")];
  let depth = 0;
  while (depth < a.length - 1 && depth < b.length - 1 && a[depth] === b[depth]) depth++;
  return [a.slice(0, depth).join("/"), a[depth], b[depth], b.length > depth + 1];
}

/** Folders and files that a stack names and that aren't there: a renamed room would go unchecked in silence. */
export function missingRooms(root) {
  return Object.entries(stacks).flatMap(([folder, floors]) =>
    floors
      .flat()
      .map((name) => `${folder}/${name}`)
      .filter(
        (path) =>
          !existsSync(posix.join(root, path)) || (!path.endsWith(".ts") && !statSync(posix.join(root, path)).isDirectory()),
      ),
  );
}

function longestKey(table, file) {
  return Object.keys(table)
    .filter((folder) => isIn(file, folder))
    .sort((a, b) => b.length - a.length)[0];
}

function isIn(path, folder) {
  return path.startsWith(`${folder}/`);
}
