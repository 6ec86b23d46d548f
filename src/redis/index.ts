/** Redis: URLs, connections that come back, and commands that are repeated until there is an answer. What is kept there is others' business. */
export { parseRedisUrl, type RedisAddress, type RedisNode } from "./address.ts";
export { Commands, type Client, type Scripts } from "./commands.ts";
export { Connection, outagesOf } from "./connection.ts";
export { commonOptions, towards, type CommonOptions } from "./connection-options.ts";
