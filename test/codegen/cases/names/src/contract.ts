import { contract, task } from "ligature/contract";
import { z } from "zod";

/** Called like what generated code imports. */
export const Task = z.object({ title: z.string() });
export const Handler = z.object({ name: z.string() });
/** Called like globals that are printed. */
export const Date = z.object({ day: z.number() });
export const Map = z.object({ scale: z.number() });
export const Exclude = z.string().optional();
/** Called like the generated interfaces. */
export const Names = z.object({ first: z.string() });
export const NamesRemote = z.object({ host: z.string() });
/** Called like an input type. */
export const Settings = z.object({ size: z.number().default(1) });
export const SettingsInput = z.object({ raw: z.string() });
/** Types are written with a capital, unless that name is taken. */
export const item = z.object({ id: z.string() });
export const thing = z.object({ id: z.string() });
export const Thing = z.object({ id: z.number() });
/** Types can't be called so. */
export const string = z.object({ length: z.number() });
export const String = z.object({ value: z.string() });
/** One schema, two names. */
export const Alias = thing;

const aMap = z.map(z.string(), z.date());

export const names = contract("names", {
  tasks: {
    delete: task({ params: { class: z.string(), this: z.number(), new: z.boolean().optional() } }),
    use: task({
      params: { task: Task, handler: Handler, date: Date, map: Map, at: aMap, only: Exclude.nonoptional() },
      returns: z.tuple([item, thing, Thing, string, String, Alias]),
    }),
    set: task({ params: { names: Names, remote: NamesRemote, settings: Settings, input: SettingsInput } }),
    keys: task({ params: { headers: z.object({ "content-type": z.string(), 'a"b': z.string(), 1: z.string(), ünïcode: z.string() }) } }),
  },
});
