// The body takes the results in another order.
import { notifications } from "@example/notifications";
import { processing, type ProcessedFile } from "@example/processing";
import { chord, group, type Signature } from "ligature";

declare const compare: Signature<[count: number, file: ProcessedFile], Date>;
const notice = { key: "file-1", recipient: "Ada", text: "done" };

export const signature = chord(group(processing.processFile.si("a.csv"), notifications.notify.si(notice)), compare);
