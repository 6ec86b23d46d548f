import { contract, task } from "ligature/contract";
import { z } from "zod";

export const mail = contract("mail", {
  runtime: "celery",
  queue: { name: "celery", type: "classic", maxPriority: 10 },
  tasks: {
    send: task({
      name: "mail.tasks.send_mail",
      params: { to: z.email(), subject: z.string().max(200) },
      errors: { Bounced: z.object({ code: z.number() }) },
      queue: "urgent",
      priority: 9,
      retry: { limit: 5, backoff: "fixed", delay: "30s", jitter: false, on: ["Bounced"] },
      timeLimit: { soft: "1m", hard: "90s" },
      expires: "2h",
      ack: "early",
      ignoreResult: true,
    }),
    count: task({ returns: z.number() }),
  },
});
