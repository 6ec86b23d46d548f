import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing, type ProcessedFile } from "@example/processing";
import { chain, type App, type AsyncResult, type ImmutableSignature, type Signature } from "ligature";
import { same } from "./same.ts";

const notice = { key: "file-1", recipient: "Ada", text: "done" };

export async function signatures(app: App): Promise<void> {
  const complete = processing.processFile.si("a.csv", { strict: true });
  same<typeof complete, ImmutableSignature<ProcessedFile>>(true);
  const waiting = catalog.markProcessed.s(1);
  same<typeof waiting, Signature<ProcessedFile, void>>(true);

  // Copies keep their kind.
  same<ReturnType<typeof complete.set>, ImmutableSignature<ProcessedFile>>(true);
  const withCallbacks = complete
    .set({ queue: "slow", priority: 1, countdown: "5m", expires: new Date(), headers: { tenant: "a" } })
    .link(waiting)
    .link(notifications.notify.si(notice))
    .linkError(catalog.markFailed.si(1));
  same<typeof withCallbacks, ImmutableSignature<ProcessedFile>>(true);
  const waitingWithCallbacks = waiting.linkError(catalog.markFailed.si(1));
  same<typeof waitingWithCallbacks, Signature<ProcessedFile, void>>(true);

  // Callbacks of a call: one or several; complete ones ignore the result.
  const link = [catalog.markProcessed.s(1), notifications.notify.si(notice)];
  const sent = await app.remote(processing).processFile.applyAsync(["a.csv"], { link, linkError: catalog.markFailed.si(1) });
  same<Awaited<ReturnType<typeof sent.get>>, ProcessedFile>(true);
  await app.sendTask("processing.processFile", ["a.csv"], {
    link: catalog.markProcessed.s(1),
    linkError: [catalog.markFailed.si(1), notifications.notify.si(notice)],
    queue: "slow",
  });
}

export async function chains(app: App): Promise<void> {
  const two = chain(processing.processFile.si("a.csv"), catalog.markProcessed.s(1));
  same<typeof two, ImmutableSignature<void>>(true);
  const sent = await app.send(two);
  same<typeof sent, AsyncResult<void>>(true);

  // A step that is complete ignores what comes before.
  const three = chain(processing.processFile.si("a.csv"), catalog.markProcessed.s(1), notifications.notify.si(notice));
  const last = await (await app.send(three)).get();
  same<typeof last, number>(true);

  // A chain whose first step waits is a signature that waits.
  const rest = chain(catalog.markProcessed.s(1), notifications.notify.si(notice));
  same<typeof rest, Signature<ProcessedFile, number>>(true);
  const nested = chain(processing.processFile.si("a.csv"), rest);
  same<typeof nested, ImmutableSignature<number>>(true);
  const linked = processing.processFile.si("a.csv").link(rest);
  same<typeof linked, ImmutableSignature<ProcessedFile>>(true);

  // The same by pipe.
  const piped = processing.processFile.si("a.csv").pipe(catalog.markProcessed.s(1)).pipe(notifications.notify.si(notice));
  same<typeof piped, ImmutableSignature<number>>(true);
  const waitingPipe = catalog.markProcessed.s(1).pipe(notifications.notify.si(notice));
  same<typeof waitingPipe, Signature<ProcessedFile, number>>(true);
}
