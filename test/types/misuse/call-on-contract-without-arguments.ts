// The same without arguments.
import { notifications } from "@example/notifications";

await notifications.listNotices();
