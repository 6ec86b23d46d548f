import type { MemberData, SignatureData, TaskSignatureData } from "./data.ts";
import { chordOf, joined } from "./normal-form.ts";

type Change = (task: TaskSignatureData) => TaskSignatureData;

/** Changes the task whose result is the whole's. A group gets one by that: it is joined. */
export function mapTail(data: SignatureData, change: Change): SignatureData {
  const whole = joined(data);
  switch (whole.kind) {
    case "task":
      return change(whole);
    case "chord":
      return chordOf(whole.header, mapTail(whole.body, change));
    case "chain": {
      const { steps, end } = whole;
      if (end === undefined)
        return { ...whole, steps: Object.freeze(steps.map((step, at) => (at === steps.length - 1 ? change(step) : step))) };
      return { ...whole, end: mapTail(end, change) as typeof end };
    }
  }
}

/**
 * Changes every task whose failure is the whole's. A member of a chord's header isn't among them: its failure is told
 * by the body.
 */
export function mapFailing(data: SignatureData, change: Change): SignatureData {
  switch (data.kind) {
    case "task":
      return change(data);
    case "group":
      return { ...data, members: Object.freeze(data.members.map((member) => mapFailing(member, change) as MemberData)) };
    case "chord":
      return chordOf(data.header, mapFailing(data.body, change));
    case "chain": {
      const { steps, end } = data;
      const changed = Object.freeze(steps.map(change));
      if (end === undefined) return { ...data, steps: changed };
      return { ...data, steps: changed, end: mapFailing(joined(end, steps.at(-1)?.task), change) as typeof end };
    }
  }
}

/** Changes every task; `isStart` tells those that are sent first. */
export function mapAll(
  data: SignatureData,
  change: (task: TaskSignatureData, isStart: boolean) => TaskSignatureData,
  isStart = true,
): SignatureData {
  const members = (list: readonly MemberData[]): readonly MemberData[] =>
    Object.freeze(list.map((member) => mapAll(member, change, isStart) as MemberData));
  switch (data.kind) {
    case "task":
      return change(data, isStart);
    case "group":
      return { ...data, members: members(data.members) };
    case "chord":
      return chordOf(members(data.header), mapAll(data.body, change, isStart && data.header.length === 0));
    case "chain": {
      const { steps, end } = data;
      const changed = Object.freeze(steps.map((step, index) => change(step, isStart && index === 0)));
      return end === undefined
        ? { ...data, steps: changed }
        : { ...data, steps: changed, end: mapAll(end, change, false) as typeof end };
    }
  }
}
