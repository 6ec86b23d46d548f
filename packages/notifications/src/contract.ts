import { contract, task } from "ligature/contract";
import { z } from "zod";

/** One message to one person. */
export const Notice = z.object({
  recipient: z.string(),
  text: z.string(),
});

export const notifications = contract("notifications", {
  queue: "notifications",
  tasks: {
    /** Tells somebody something, and remembers it. Returns the notice's number. */
    notify: task({
      params: { notice: Notice },
      returns: z.number().int(),
    }),

    /** What was told so far, oldest first. */
    listNotices: task({
      params: { recipient: z.string().optional() },
      returns: z.array(Notice.extend({ sentAt: z.date() })),
    }),
  },
});
