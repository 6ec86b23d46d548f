import { notifications } from "@example/notifications";
import { processing, type FileInspection, type FileProgress, type ProcessedFile, type WrongFormat } from "@example/processing";
import type { App, AsyncResult, LigatureError, Outcome, TaskError } from "ligature";
import { same } from "./same.ts";

export async function calls(app: App): Promise<void> {
  const remote = app.remote(processing);

  // Awaited.
  const file = await remote.processFile("a.csv");
  same<typeof file, ProcessedFile>(true);
  same<typeof file.finishedAt, Date>(true);
  const inspection = await remote.inspectFile("a.csv");
  same<typeof inspection, FileInspection>(true);
  await remote.processFile("a.csv", { strict: true });
  await remote.processFile("a.csv", { delimiter: ";" });
  await remote.processFile("a.csv", undefined);

  // With options.
  const signal = AbortSignal.timeout(1_000);
  const patient = await remote.processFile.with({ timeout: "45m", signal, priority: 3 })("a.csv", { strict: true });
  same<typeof patient, ProcessedFile>(true);

  // Sent.
  const result = await remote.processFile.delay("a.csv");
  same<typeof result, AsyncResult<ProcessedFile, { WrongFormat: WrongFormat }, FileProgress>>(true);
  const value = await result.get({ timeout: "45m", signal });
  same<typeof value, ProcessedFile>(true);
  for await (const progress of result.progress()) same<typeof progress, FileProgress>(true);

  // Optional parameters and results of other tasks.
  const notices = await app.remote(notifications).listNotices();
  same<(typeof notices)[number]["sentAt"], Date>(true);
  const number = await app.remote(notifications).notify({ key: "file-1", recipient: "Ada", text: "done" });
  same<typeof number, number>(true);
}

/** `settle()`: the outcome as a value, declared errors narrowed by their classes. */
export async function outcomes(app: App): Promise<number> {
  const result = await app.remote(processing).processFile.delay("a.csv");
  const outcome = await result.settle();
  same<typeof outcome, Outcome<ProcessedFile, { WrongFormat: WrongFormat }>>(true);
  if (outcome.ok) {
    same<typeof outcome.value, ProcessedFile>(true);
    return outcome.value.rows;
  }
  if (outcome.error instanceof processing.errors.WrongFormat) {
    same<typeof outcome.error.data, WrongFormat>(true);
    same<typeof outcome.error.name, "WrongFormat">(true);
    return outcome.error.data.line;
  }
  same<typeof outcome.error, TaskError | LigatureError>(true);
  return 0;
}

/** The same after `catch`. */
export async function caught(app: App): Promise<number | undefined> {
  try {
    await app.remote(processing).processFile("a.csv");
  } catch (error) {
    if (error instanceof processing.errors.WrongFormat) {
      same<typeof error.data, WrongFormat>(true);
      return error.data.line;
    }
    throw error;
  }
  return undefined;
}

/** By name: typed by every contract package that the program imports. */
export async function byName(app: App): Promise<void> {
  const sent = await app.sendTask("processing.processFile", ["a.csv", { strict: true }]);
  const file = await sent.get();
  same<typeof file, ProcessedFile>(true);
  const outcome = await sent.settle();
  if (!outcome.ok && outcome.error instanceof processing.errors.WrongFormat) {
    same<typeof outcome.error.data, WrongFormat>(true);
  }
  await app.sendTask("catalog.markFailed", [1]);
}
