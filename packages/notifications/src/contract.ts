import { contract, task } from "ligature/contract";
import { z } from "zod";

/** One message to one person. */
export const Notice = z.object({
  /** Names what happened: a notice that arrives again under the same key is not told again. */
  key: z.string().min(1),
  recipient: z.string(),
  text: z.string(),
});

/** A notice, and when it was told. */
export const SentNotice = Notice.extend({ sentAt: z.date() });

export const notifications = contract("notifications", {
  queue: "notifications",
  tasks: {
    /** Tells somebody something, once, and remembers it. Returns the notice's number. */
    notify: task({
      params: { notice: Notice },
      returns: z.number().int(),
    }),

    /** What was told, oldest first; to one recipient only, or since a moment only. */
    listNotices: task({
      params: { recipient: z.string().optional(), since: z.date().optional() },
      returns: z.array(SentNotice),
    }),
  },
});
