// A module with handlers that lacks one of its contract's.
import type { NotificationsHandlers } from "@example/notifications";

export default {
  notify: () => 1,
} satisfies NotificationsHandlers;
