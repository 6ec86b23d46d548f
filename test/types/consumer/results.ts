import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing, type ProcessedFile, type WrongFormat } from "@example/processing";
import {
  chain,
  chord,
  group,
  type App,
  type AsyncResult,
  type KeptResult,
  type GroupResult,
  type ImmutableGroup,
  type ImmutableSignature,
  type Outcome,
} from "ligature";
import { same } from "./same.ts";

declare const json: unknown;
declare const notice: Parameters<typeof notifications.notify.si>[0];

export async function groups(app: App): Promise<void> {
  const pair = await app.send(group(processing.processFile.si("a.csv"), notifications.notify.si(notice)));
  same<typeof pair, GroupResult<[ProcessedFile, number]>>(true);
  const [file, number] = await pair.get({ timeout: "1m" });
  same<typeof file, ProcessedFile>(true);
  same<typeof number, number>(true);
  const outcomes = await pair.settle();
  same<(typeof outcomes)[0], Outcome<ProcessedFile>>(true);
  const second = await pair.results[1].get();
  same<typeof second, number>(true);
  for await (const { index, outcome } of pair) {
    same<typeof index, number>(true);
    same<typeof outcome, Outcome<ProcessedFile | number>>(true);
  }

  const many = await app.send(group(["a.csv", "b.csv"].map((path) => processing.processFile.si(path))));
  same<typeof many, GroupResult<ProcessedFile[]>>(true);
  const files = await many.get();
  same<typeof files, ProcessedFile[]>(true);
  const none = await app.send(group([]));
  same<Awaited<ReturnType<typeof none.get>>, []>(true);
}

export async function others(app: App, any: ImmutableSignature<Date>, anyGroup: ImmutableGroup<readonly [Date]>): Promise<void> {
  const body = await app.send(chord([processing.processFile.si("a.csv")], notifications.notify.si(notice)));
  same<typeof body, AsyncResult<number>>(true);
  // A group that something follows has one result.
  const joined = await app.send(chain(processing.processFile.si("a.csv"), group(catalog.markProcessed.s(1))));
  same<typeof joined, AsyncResult<[void]>>(true);
  const linked = await app.send(group(processing.processFile.si("a.csv")).link(notifications.notify.si(notice)));
  same<typeof linked, AsyncResult<[ProcessedFile]>>(true);
  same<Awaited<ReturnType<typeof app.send<typeof any>>>, AsyncResult<Date>>(true);
  same<Awaited<ReturnType<typeof app.send<typeof anyGroup>>>, GroupResult<readonly [Date]>>(true);
}

export async function attached(app: App): Promise<void> {
  const result = app.attach(processing.processFile, json);
  const file = await result.get();
  same<typeof file, ProcessedFile>(true);
  const outcome = await result.settle();
  if (!outcome.ok && outcome.error instanceof processing.errors.WrongFormat) {
    same<typeof outcome.error.data, WrongFormat>(true);
  }

  // A remote task also says what is reported.
  const remote = app.remote(processing);
  const sent = await remote.processFile.delay("a.csv");
  const again = app.attach(remote.processFile, JSON.parse(JSON.stringify(await sent.keep())));
  same<typeof again, typeof sent>(true);
  same<Awaited<ReturnType<typeof sent.keep>>, KeptResult>(true);
  same<ReturnType<typeof sent.toJSON>, { readonly id: string; readonly task: string }>(true);

  // Whatever ends in the task.
  const body = app.attach(chord([processing.processFile.si("a.csv")], notifications.notify.si(notice)), json);
  same<Awaited<ReturnType<typeof body.get>>, number>(true);

  const pair = app.attachGroup([processing.processFile, notifications.notify], json);
  same<typeof pair, GroupResult<[ProcessedFile, number]>>(true);
  const many = app.attachGroup(processing.processFile, json);
  same<typeof many, GroupResult<ProcessedFile[]>>(true);
}
