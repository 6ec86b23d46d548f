/**
 * What must happen in one step, as scripts: what they read and write doesn't change meanwhile.
 * All keys of a script are in KEYS, as clusters want it.
 */

/** A total that no header reaches: with it in `.t`, neither a Celery worker nor one of ours finds a chord complete. */
export const outOfReach = 1_000_000_000;

/** In the claim's place once a chord is over; no task has this id. */
const over = "over";

/**
 * Keeps a result and publishes it, as Celery does (celery.backends.redis, `_set`), except that a SUCCESS stays: Celery asks for the
 * present state first, and a result may come in between.
 *
 * KEYS: the result. ARGV: its JSON, seconds to keep it. Returns 0 when there is a SUCCESS.
 */
export const storeScript: string = `
local present = redis.call("GET", KEYS[1])
if present and string.find(present, "SUCCESS", 1, true) then
  local read, state = pcall(function() return cjson.decode(present).status end)
  if read and state == "SUCCESS" then return 0 end
end
redis.call("SETEX", KEYS[1], ARGV[2], ARGV[1])
redis.call("PUBLISH", KEYS[1], ARGV[1])
return 1
`;

/**
 * Notes a member's result, and claims the chord when none is missing: whoever has the claim sends the body. A member
 * that was run again takes the place of its former result. Whatever is kept lives as long as members arrive.
 *
 * KEYS: size, extra, parts, meta, claim. ARGV: the member's id, its place, its entry, its annotations or "", seconds to keep,
 * 1 when the size was set before the members were sent.
 * Returns nothing while members are missing, and when the chord is over; else how many there are, the entries in order, and all annotations.
 */
export const succeedScript: string = `
local size, extra, parts, meta, claim = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, place, entry, annotations, seconds, sized = unpack(ARGV)
local claimed = redis.call("GET", claim)
if claimed and claimed ~= id then return false end
local total = redis.call("GET", size)
if not total and sized == "1" then return false end
local more = tonumber(redis.call("GET", extra) or 0)
if more >= ${outOfReach} then return false end
for _, former in ipairs(redis.call("ZRANGEBYSCORE", parts, place, place)) do
  if former ~= entry and string.find(string.sub(former, 1, #id + 10), id, 1, true) then redis.call("ZREM", parts, former) end
end
redis.call("ZADD", parts, place, entry)
if annotations == "" then redis.call("HDEL", meta, id) else redis.call("HSET", meta, id, annotations) end
for _, key in ipairs({ size, extra, parts, meta }) do redis.call("EXPIRE", key, seconds) end
if not total or redis.call("ZCARD", parts) < tonumber(total) + more then return false end
redis.call("SET", claim, id, "EX", seconds)
return { tonumber(total) + more, redis.call("ZRANGE", parts, 0, -1), redis.call("HGETALL", meta) }
`;

/**
 * Claims a chord for a failure, and puts it out of reach of all other members.
 *
 * KEYS as above. ARGV: the member's id, seconds to keep, 1 when the size was set before the members were sent.
 * Returns 0 when the chord is over, or somebody else's to end.
 */
export const failScript: string = `
local size, extra, parts, meta, claim = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, seconds, sized = unpack(ARGV)
local claimed = redis.call("GET", claim)
if claimed and claimed ~= id then return 0 end
if not claimed and sized == "1" and redis.call("EXISTS", size) == 0 then return 0 end
if not claimed and tonumber(redis.call("GET", extra) or 0) >= ${outOfReach} then return 0 end
redis.call("SET", claim, id, "EX", seconds)
redis.call("SET", extra, ${outOfReach}, "EX", seconds)
redis.call("DEL", size, parts, meta)
return 1
`;

/**
 * After a failure has been told: what remains says until it expires that the chord is over, to members that are still running.
 * KEYS as above. ARGV: seconds to keep.
 */
export const failedScript: string = `
redis.call("SET", KEYS[5], "${over}", "EX", ARGV[1])
redis.call("SET", KEYS[2], ${outOfReach}, "EX", ARGV[1])
redis.call("DEL", KEYS[1], KEYS[3], KEYS[4])
return 1
`;
