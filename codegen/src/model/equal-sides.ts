/**
 * Of things that exist in two versions each and refer to each other, those whose versions come to the same.
 * Starts from "all do" and removes until nothing changes, so that circles of equal things count as equal.
 *
 * @param equal whether the two versions of a thing are equal when the versions of the given ones are
 */
export function equalSides(
  ids: Iterable<string>,
  equal: (id: string, sameAs: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  let same: ReadonlySet<string> = new Set(ids);
  for (;;) {
    const current = same;
    const next = new Set([...current].filter((id) => equal(id, current)));
    if (next.size === current.size) return next;
    same = next;
  }
}
