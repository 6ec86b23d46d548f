/**
 * What must happen in one step, as scripts: what they read and write doesn't change meanwhile.
 * All keys of a script are in KEYS, as clusters want it.
 */

/** A total that no header reaches: with it in `.t`, neither a Celery worker nor one of ours finds a chord complete. */
export const outOfReach = 1_000_000_000;

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

/** What the scripts of a chord begin with. A claim's `token` is its holder's run of the request; empty when that has given it back. */
const chordKeys = `local size, extra, parts, meta, claim = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local holder, run, ending = unpack(redis.call("HMGET", claim, "id", "token", "ending"))
`;

/**
 * Notes a member's result, and claims the chord when none is missing: whoever has the claim sends the body. Of a member that
 * is run again, the first result stands. Whatever is kept lives as long as members arrive.
 *
 * KEYS: size, extra, parts, meta, claim. ARGV: the member's id, its place, its entry, its annotations or "", seconds to keep,
 * 1 when the size was set before the members were sent, a token for this run of the member, 1 to take a claim over from another run.
 * Returns nothing while members are missing, and when the chord is over or somebody else's to end; `held` when another run of the
 * same member holds the claim; `fail` with the error when it had failed, which isn't told yet; else `join`, how many members there
 * are, the entries in order, and all annotations.
 */
export const succeedScript: string = `${chordKeys}
local id, place, entry, annotations, seconds, sized, token, force = unpack(ARGV)
if holder then
  if holder ~= id then return false end
  if run ~= token and run ~= "" and force ~= "1" then return { "held" } end
  if ending == "fail" then
    redis.call("HSET", claim, "token", token)
    return { "fail", redis.call("HGET", claim, "error") }
  end
end
local total = redis.call("GET", size)
if not total and sized == "1" then return false end
local more = tonumber(redis.call("GET", extra) or 0)
if more >= ${outOfReach} then return false end
local known = false
for _, former in ipairs(redis.call("ZRANGEBYSCORE", parts, place, place)) do
  if string.find(string.sub(former, 1, #id + 10), id, 1, true) then known = true end
end
if not known then
  redis.call("ZADD", parts, place, entry)
  if annotations ~= "" then redis.call("HSET", meta, id, annotations) end
end
for _, key in ipairs({ size, extra, parts, meta }) do redis.call("EXPIRE", key, seconds) end
if not total or redis.call("ZCARD", parts) < tonumber(total) + more then return false end
redis.call("HSET", claim, "id", id, "token", token, "ending", "join")
redis.call("EXPIRE", claim, seconds)
return { "join", tonumber(total) + more, redis.call("ZRANGE", parts, 0, -1), redis.call("HGETALL", meta) }
`;

/**
 * Claims a chord for a failure, and puts it out of reach of all other members.
 *
 * KEYS as above. ARGV: the member's id, its error, seconds to keep, and sized, token and force as above.
 * Returns nothing when the chord is over, or somebody else's to end; `held` when another run of the same member holds the claim; else `fail`.
 */
export const failScript: string = `${chordKeys}
local id, problem, seconds, sized, token, force = unpack(ARGV)
if holder then
  if holder ~= id then return false end
  if run ~= token and run ~= "" and force ~= "1" then return { "held" } end
else
  if sized == "1" and redis.call("EXISTS", size) == 0 then return false end
  if tonumber(redis.call("GET", extra) or 0) >= ${outOfReach} then return false end
end
redis.call("HSET", claim, "id", id, "token", token, "ending", "fail", "error", problem)
redis.call("EXPIRE", claim, seconds)
redis.call("SET", extra, ${outOfReach}, "EX", seconds)
redis.call("DEL", size, parts, meta)
return { "fail", problem }
`;

/**
 * After a failure has been told: what remains says until it expires that the chord is over, to members that are still running.
 * KEYS as above. ARGV: seconds to keep.
 */
export const failedScript: string = `
redis.call("DEL", KEYS[1], KEYS[3], KEYS[4], KEYS[5])
redis.call("SET", KEYS[2], ${outOfReach}, "EX", ARGV[1])
return 1
`;

/**
 * Gives a claim back, unless another run has taken it over: the same member takes it when it comes again.
 * KEYS as above. ARGV: the token.
 */
export const releaseScript: string = `${chordKeys}
if run ~= ARGV[1] then return 0 end
if ending == "join" then redis.call("DEL", claim) else redis.call("HSET", claim, "token", "") end
return 1
`;
