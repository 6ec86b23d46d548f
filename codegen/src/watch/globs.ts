/**
 * Whether a folder, relative to the workspace's root, can be a package by one of these globs, or can have
 * one inside. When in doubt, it can: it is only watched for package.json files.
 */
export function mayHoldPackages(folder: string, globs: readonly string[]): boolean {
  const parts = folder.split(/[\\/]/).filter((part) => part !== "");
  return globs.some((glob) => !glob.startsWith("!") && mayMatch(parts, glob));
}

function mayMatch(parts: readonly string[], glob: string): boolean {
  // Alternatives may hold slashes, and extended patterns anything.
  if (/[{}()]/.test(glob)) return true;
  const segments = glob.split("/").filter((segment) => segment !== "" && segment !== ".");
  for (const [index, part] of parts.entries()) {
    const segment = segments[index];
    if (segment === "**") return true;
    if (segment === undefined || !segmentPattern(segment).test(part)) return false;
  }
  return true;
}

function segmentPattern(segment: string): RegExp {
  if (/[[\]]/.test(segment)) return /^/;
  const escaped = segment.replaceAll(/[.+^$|\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
