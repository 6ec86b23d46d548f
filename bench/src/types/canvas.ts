import { compileOrThrow, type Cost } from "./compile.ts";
import type { Scratch } from "./scratch.ts";

/** Workflows as large as anyone writes them down. */
export const workflows: Readonly<Record<string, () => string>> = {
  "nothing composed": () => "",
  "a chain of 30": () => `export const whole: ImmutableSignature<T29> = chain(first, ${list(29, (n) => `step${n + 1}`)});`,
  "a group of 50, all different": () => `export const whole = group(${list(50, (n) => `task${n}`)});\n${tuple("whole")}`,
  "a chord of 50, all different, and its body": () =>
    `export const whole: ImmutableSignature<Date> = chord([${list(50, (n) => `task${n}`)}], body);`,
  "50 chained groups of 2": () =>
    `export const whole = group(${list(50, (n) => `chain(group(task${n}, task${n}), pair${n})`)});\n${tuple("whole")}`,
  "a group of 500, written down": () =>
    `export const whole = group([${list(500, () => "task0")}]);\nwhole satisfies ImmutableGroup<readonly T0[]>;`,
  "a group of 500, from an array": () =>
    "export const whole: ImmutableGroup<T0[]> = group(Array.from({ length: 500 }, () => task0));",
};

/** What the compiler spends on one of {@link workflows}. */
export function costOfWorkflow(scratch: Scratch, program: string): Promise<Cost> {
  const members = Array.from({ length: 50 }, (_, n) => n);
  const lines = [
    'import { chain, chord, group, type ImmutableGroup, type ImmutableSignature, type Signature } from "ligature";',
    ...members.map((n) => `interface T${n} { readonly kind: "t${n}"; readonly n${n}: number }`),
    ...members.map((n) => `declare const task${n}: ImmutableSignature<T${n}>;`),
    ...members.slice(1).map((n) => `declare const step${n}: Signature<T${n - 1}, T${n}>;`),
    ...members.map((n) => `declare const pair${n}: Signature<[T${n}, T${n}], T${n}>;`),
    "declare const first: ImmutableSignature<T0>;",
    `declare const body: Signature<[${list(50, (n) => `T${n}`)}], Date>;`,
    "export type Used = [typeof chain, typeof chord, typeof group, ImmutableGroup<T0>, typeof first, typeof body, typeof step1];",
    `export type Tasks = [${members.map((n) => `typeof task${n}, typeof pair${n}`).join(", ")}];`,
    program,
  ];
  scratch.write({ "package.json": '{ "type": "module", "private": true }', "workflow.ts": `${lines.join("\n")}\n` });
  return compileOrThrow(scratch.dir, { compilerOptions: { noEmit: true }, include: ["workflow.ts"] });
}

function list(length: number, item: (n: number) => string): string {
  return Array.from({ length }, (_, n) => item(n)).join(", ");
}

/** Holds a group's type against the tuple that it must have, so that nothing is cheap for having become `any`. */
function tuple(group: string): string {
  return `export const checked: ImmutableGroup<[${list(50, (n) => `T${n}`)}]> = ${group};`;
}
