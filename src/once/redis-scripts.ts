import { script, type Script } from "../store/index.ts";
import { leaseTime, leastRemembered, longestUnfinished } from "./keys.ts";

/** What all scripts begin with: by Redis's clock, so that those of the processes don't matter. KEYS: the record, whom to tell. */
const prelude = `local record, replies = KEYS[1], KEYS[2]
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local id, ends, state, holder, lease = unpack(redis.call("HMGET", record, "id", "until", "state", "holder", "lease"))
ends, lease = tonumber(ends or 0), tonumber(lease or 0)
local function keep(untilMs) redis.call("PEXPIREAT", record, string.format("%.0f", untilMs)) end
local function create(claimed, untilMs, inState)
  redis.call("DEL", record)
  redis.call("HSET", record, "id", claimed, "until", string.format("%.0f", untilMs), "state", inState)
  keep(untilMs + ${longestUnfinished})
end
`;

/** ARGV: id, payload, milliseconds of the window, 1 when the caller sends where nobody has yet. */
export const claimScript: Script = script(`${prelude}
if id and now < ends then
  if id == ARGV[1] and state == "sending" then return { "first", string.format("%.0f", ends) } end
  local payload = redis.call("HGET", record, "payload")
  if not payload then redis.call("HSET", record, "payload", ARGV[2])
  elseif payload ~= ARGV[2] then return { "mismatch", id } end
  if state == "done" then return { "done", id, redis.call("HGET", record, "result") } end
  if state == "sending" and ARGV[4] == "1" then redis.call("HSET", record, "shared", "1") end
  return { "known", id, string.format("%.0f", ends), state }
end
create(ARGV[1], now + ARGV[3], "sending")
redis.call("HSET", record, "payload", ARGV[2])
return { "first", string.format("%.0f", now + ARGV[3]) }
`);

/** ARGV: id. */
export const sentScript: Script = script(`${prelude}
if id == ARGV[1] and state == "sending" then redis.call("HSET", record, "state", "sent") end
return 1
`);

/** ARGV: id. */
export const withdrawScript: Script = script(`${prelude}
if id == ARGV[1] and state == "sending" and not holder and not redis.call("HGET", record, "shared") then redis.call("DEL", record) end
return 1
`);

/** ARGV: id, where to send the end or "". */
export const joinScript: Script = script(`${prelude}
if id ~= ARGV[1] then return { "gone" } end
if state == "done" then return { "done", redis.call("HGET", record, "result") } end
if ARGV[2] ~= "" then
  redis.call("SADD", replies, ARGV[2])
  redis.call("PEXPIRE", replies, string.format("%.0f", ends - now + ${longestUnfinished}))
end
return { "waiting" }
`);

/** ARGV: id, token, end of the window. A record that Redis has lost is made anew. */
export const beginScript: Script = script(`${prelude}
if id == ARGV[1] then
  if state == "done" then return { "done", redis.call("HGET", record, "result"), redis.call("SMEMBERS", replies) } end
  if holder and holder ~= ARGV[2] and lease > now then return { "held", string.format("%.0f", lease - now) } end
elseif (id and now < ends) or now >= tonumber(ARGV[3]) then return { "run" }
else create(ARGV[1], tonumber(ARGV[3]), "sent") end
redis.call("HSET", record, "state", "sent", "holder", ARGV[2], "lease", string.format("%.0f", now + ${leaseTime}))
return { "run" }
`);

/** ARGV: id, token, end of the window. */
export const renewScript: Script = script(`${prelude}
if not id and now < tonumber(ARGV[3]) then
  create(ARGV[1], tonumber(ARGV[3]), "sent")
  redis.call("HSET", record, "holder", ARGV[2])
  id, holder = ARGV[1], ARGV[2]
end
if id ~= ARGV[1] or holder ~= ARGV[2] then return 0 end
redis.call("HSET", record, "lease", string.format("%.0f", now + ${leaseTime}))
keep(math.max(ends, now) + ${longestUnfinished})
return 1
`);

const unlessTakenOver = `
if id == ARGV[1] and (state == "done" or (holder and lease > now)) and holder ~= ARGV[2] then return false end
redis.call("PEXPIRE", replies, ${leastRemembered})
`;

/** ARGV: id, token, end of the window, result. Returns whom to tell; nothing when another run has the key. */
export const finishScript: Script = script(`${prelude}${unlessTakenOver}
if not id and now < tonumber(ARGV[3]) then
  create(ARGV[1], tonumber(ARGV[3]), "sent")
  id, ends = ARGV[1], tonumber(ARGV[3])
end
if id == ARGV[1] then
  redis.call("HSET", record, "state", "done", "holder", ARGV[2], "result", ARGV[4])
  keep(math.max(ends, now + ${leastRemembered}))
end
return redis.call("SMEMBERS", replies)
`);

/** ARGV: id, token. Returns as above. */
export const freeScript: Script = script(`${prelude}${unlessTakenOver}
if id == ARGV[1] then redis.call("DEL", record) end
return redis.call("SMEMBERS", replies)
`);

/** ARGV: id, token. */
export const passScript: Script = script(`${prelude}
if id == ARGV[1] and holder == ARGV[2] and state ~= "done" then redis.call("HDEL", record, "holder", "lease") end
return 1
`);
