import type { Node } from "./alternatives.ts";

const letters = ["", "a", "b", "c", "x", "A", "B", "0", "1", "-", "_", ".", " "];

/** Strings of many kinds: of two patterns, one of these often fits the one alone. */
const probes: readonly string[] = [
  ...letters.flatMap((first) => letters.map((second) => first + second)),
  ..."abc aab bca cab ABC Abc 123 1.5 abcdefghij a-b a_b a.b x-1 v1 ab12 AB-12 abc_123 /a/b file.csv".split(" "),
  ..."2020-02-29 10:00 10:00:00 10:00:00.123 P1D PT5M 2020-02-29T10:00Z 2020-02-29T10:00:00Z 2020-02-29T10:00:00.123Z".split(" "),
  ..."2020-02-29T10:00:00 2020-02-29T10:00:00+02:00 2020-02-29T10:00:00.123+02:00".split(" "),
  ..."123e4567-e89b-12d3-a456-426614174000 123e4567-e89b-42d3-a456-426614174000 01890a5d-ac96-774b-bcce-b302099a8057".split(" "),
  ..."a@b.cd first.last@example.com https://example.com/ example.com 127.0.0.1 ::1 00:1b:44:11:3a:b7 00-1b-44-11-3a-b7".split(
    " ",
  ),
  ..."V1StGXR8_Z5jdHi6B-myT V1StGXR8_Z 01ARZ3NDEKTSV4RRFFQ69G5FAV +4915112345678 d41d8cd98f00b204e9800998ecf8427e".split(" "),
];

/** A string that the one takes and the other, by its patterns, doesn't; undefined where none is found. */
export function witness(from: Node, to: Node): string | undefined {
  try {
    const [given, wanted] = [from.patterns, to.patterns].map((patterns = []) => patterns.map((each) => new RegExp(each)));
    return probes.find(
      (probe) =>
        isOfLength(probe, from) &&
        given?.every((pattern) => pattern.test(probe)) === true &&
        wanted?.every((pattern) => pattern.test(probe)) !== true,
    );
  } catch {
    return undefined;
  }
}

function isOfLength({ length }: string, { minLength = 0, maxLength = Infinity }: Node): boolean {
  return length >= Number(minLength) && length <= Number(maxLength);
}
