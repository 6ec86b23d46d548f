import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing, type ProcessedFile } from "@example/processing";
import {
  chain,
  chord,
  chunks,
  group,
  map,
  starmap,
  type Group,
  type ImmutableGroup,
  type ImmutableSignature,
  type Signature,
} from "ligature";
import { same } from "./same.ts";

const notice = { key: "file-1", recipient: "Ada", text: "done" };
const paths = ["a.csv", "b.csv"];

declare const countRows: Signature<ProcessedFile[], number>;
declare const compare: Signature<[ProcessedFile, number], Date>;
declare const measure: Signature<ProcessedFile, number>;

export function groups(): void {
  // A tuple of what is written down, an array of what is not.
  const pair = group(processing.processFile.si("a.csv"), notifications.notify.si(notice));
  same<typeof pair, ImmutableGroup<[ProcessedFile, number]>>(true);
  const listed = group([processing.processFile.si("a.csv"), notifications.notify.si(notice)]);
  same<typeof listed, ImmutableGroup<[ProcessedFile, number]>>(true);
  const many = group(paths.map((path) => processing.processFile.si(path)));
  same<typeof many, ImmutableGroup<ProcessedFile[]>>(true);
  const none = group();
  same<typeof none, ImmutableGroup<[]>>(true);

  // Members that wait, all for the same.
  const waiting = group(catalog.markProcessed.s(1), measure);
  same<typeof waiting, Group<ProcessedFile, [void, number]>>(true);
  const mixed = group(measure, notifications.notify.si(notice));
  same<typeof mixed, Group<ProcessedFile, [number, number]>>(true);

  // Copies are groups still, until something follows.
  const kept = pair.set({ countdown: "1m" }).linkError(catalog.markFailed.si(1));
  same<typeof kept, ImmutableGroup<[ProcessedFile, number]>>(true);
  const followed = pair.link(compare);
  same<typeof followed, ImmutableSignature<[ProcessedFile, number]>>(true);
  const waitingKept = waiting.set({ priority: 1 });
  same<typeof waitingKept, Group<ProcessedFile, [void, number]>>(true);
  const inside = group(pair, many);
  same<typeof inside, ImmutableGroup<[[ProcessedFile, number], ProcessedFile[]]>>(true);
}

export function chords(): void {
  const counted = chord(
    paths.map((path) => processing.processFile.si(path)),
    countRows,
  );
  same<typeof counted, ImmutableSignature<number>>(true);
  const compared = chord([processing.processFile.si("a.csv"), notifications.notify.si(notice)], compare);
  same<typeof compared, ImmutableSignature<Date>>(true);
  const ofGroup = chord(group(processing.processFile.si("a.csv"), notifications.notify.si(notice)), compare);
  same<typeof ofGroup, ImmutableSignature<Date>>(true);
  const all = chord([processing.processFile.si("a.csv"), processing.processFile.si("b.csv")], countRows);
  same<typeof all, ImmutableSignature<number>>(true);
  const ignoring = chord([processing.processFile.si("a.csv")], notifications.notify.si(notice));
  same<typeof ignoring, ImmutableSignature<number>>(true);
  const waiting = chord([measure, measure], notifications.notify.si(notice));
  same<typeof waiting, Signature<ProcessedFile, number>>(true);
  const waitingGroup = chord(group(measure), notifications.notify.si(notice));
  same<typeof waitingGroup, Signature<ProcessedFile, number>>(true);
}

export function nested(): void {
  // A group in a chain is joined; a chain is a member like any other.
  const joined = chain(group(processing.processFile.si("a.csv"), notifications.notify.si(notice)), compare);
  same<typeof joined, ImmutableSignature<Date>>(true);
  const middle = chain(
    processing.processFile.si("a.csv"),
    group(catalog.markProcessed.s(1), measure),
    notifications.notify.si(notice),
  );
  same<typeof middle, ImmutableSignature<number>>(true);
  const last = chain(processing.processFile.si("a.csv"), group(catalog.markProcessed.s(1), measure));
  same<typeof last, ImmutableSignature<[void, number]>>(true);
  const piped = group(processing.processFile.si("a.csv"), notifications.notify.si(notice)).pipe(compare);
  same<typeof piped, ImmutableSignature<Date>>(true);
  const members = group(
    chain(processing.processFile.si("a.csv"), measure),
    chord([processing.processFile.si("b.csv")], countRows),
  );
  same<typeof members, ImmutableGroup<[number, number]>>(true);
  // Anything complete may be an error callback.
  const withErrors = members.linkError(chain(catalog.markFailed.si(1), notifications.notify.si(notice)));
  same<typeof withErrors, ImmutableGroup<[number, number]>>(true);
  processing.processFile.si("a.csv").linkError(group(catalog.markFailed.si(1), notifications.notify.si(notice)));
}

export function maps(): void {
  const mapped = map(processing.processFile, paths);
  same<typeof mapped, ImmutableSignature<ProcessedFile[]>>(true);
  const starred = starmap(processing.processFile, [["a.csv"], ["b.csv", { strict: true }]]);
  same<typeof starred, ImmutableSignature<ProcessedFile[]>>(true);
  const pieces = chunks(processing.processFile, [["a.csv"], ["b.csv"]], 1);
  same<typeof pieces, ImmutableGroup<ProcessedFile[][]>>(true);
  const total = mapped.pipe(countRows);
  same<typeof total, ImmutableSignature<number>>(true);
}
