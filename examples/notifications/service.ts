import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { notifications, type NotificationsHandlers } from "@example/notifications";
import { createApp, type Logger } from "ligature";
import { NoticeLog } from "./notice-log.ts";

export interface NotificationsOptions {
  readonly broker: string;
  /** @default what goes with the broker */
  readonly backend?: string | undefined;
  readonly log: Logger;
  /** Where notices are kept, one JSON object a line. */
  readonly file: string;
}

export interface RunningService {
  /** Takes no more requests, lets running ones finish, disconnects. */
  close(): Promise<void>;
}

/** Resolves once the service takes requests. */
export async function startNotifications({ broker, backend, log, file }: NotificationsOptions): Promise<RunningService> {
  await mkdir(dirname(file), { recursive: true });
  const notices = await NoticeLog.open(file);
  const app = createApp({ name: "notifications", broker, log, ...(backend !== undefined && { backend }) });
  await app.worker(notifications, createHandlers(notices)).start();
  return app;
}

function createHandlers(notices: NoticeLog): NotificationsHandlers {
  return {
    async notify(notice, ctx) {
      const number = await notices.add(notice);
      ctx.log.info({ number, recipient: notice.recipient }, notice.text);
      return number;
    },

    async listNotices(recipient, since) {
      return notices.list({ recipient, since });
    },
  };
}
