import { parseArguments } from "../contract/index.ts";
import type { Logger } from "../logging/index.ts";
import { timetableOf, type Timetable, type TimingSpec } from "../schedules/index.ts";
import { dataOf, tasksIn, type SignatureData } from "../signature/index.ts";
import type { Schedules } from "./scheduler-types.ts";
import type { Change, ScheduleState } from "./state.ts";
import type { Sent } from "./ticks.ts";

/** A schedule that can be sent. */
export interface Entry {
  readonly timing: TimingSpec;
  readonly timetable: Timetable;
  readonly sent: Sent;
}

/** The schedules of this program, and those that are kept, ready to be sent. */
export class Entries {
  readonly #schedules: Schedules;
  readonly #log: Logger;
  readonly #declared = new Map<string, Entry>();
  /** Of kept schedules, by their JSON. */
  readonly #made = new Map<string, { readonly json: string; readonly entry: Entry | undefined }>();

  constructor(schedules: Schedules, log: Logger) {
    this.#schedules = schedules;
    this.#log = log;
  }

  /** Everything that can be wrong with the schedules of this program is found here. */
  async prepare(): Promise<void> {
    for (const [id, { signature, timing }] of Object.entries(this.#schedules)) {
      if (this.#declared.has(id)) continue;
      const data = dataOf(signature, `the schedule ${id}`);
      await checkArguments(data);
      this.#declared.set(id, { timing, timetable: await timetableOf(timing, `The schedule ${id}`), sent: { data } });
    }
  }

  async active({ changes }: ScheduleState): Promise<readonly (readonly [string, Entry])[]> {
    const active: [string, Entry][] = [];
    for (const [id, entry] of this.#declared) if (changes[id]?.paused !== true) active.push([id, entry]);
    for (const [id, { definition, paused, deleted }] of Object.entries(changes)) {
      if (this.#declared.has(id) || paused === true || deleted === true) continue;
      const entry = await this.of(id, { definition });
      if (entry !== undefined) active.push([id, entry]);
    }
    return active;
  }

  /** Undefined when it isn't known here, or can't be read, which is logged once. */
  async of(id: string, change: Pick<Change, "definition"> | undefined): Promise<Entry | undefined> {
    const declared = this.#declared.get(id);
    const definition = change?.definition;
    if (declared !== undefined || definition === undefined) return declared;
    const json = JSON.stringify(definition);
    const known = this.#made.get(id);
    if (known?.json === json) return known.entry;
    let entry: Entry | undefined;
    try {
      const { signature, timing } = definition;
      entry = { timing, timetable: await timetableOf(timing, `The schedule ${id}`), sent: { wire: signature } };
    } catch (error) {
      this.#log.error({ schedule: id, err: error }, "a schedule can't be read; it is left out");
    }
    this.#made.set(id, { json, entry });
    return entry;
  }
}

/** @throws LigatureError `INVALID_ARGUMENTS` */
export async function checkArguments(data: SignatureData): Promise<void> {
  for (const { task, args, immutable } of tasksIn(data)) await parseArguments(task.spec, args, immutable ? 0 : 1);
}
