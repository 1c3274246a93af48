-- The least that write.lua could shrink to for a position without lease: the hot path as a script of its own, with undo.
-- KEYS key; ARGV document, time, ttl, channel, event without '{', '1' to renew the time to live
local key = KEYS[1]
local old = redis.pcall('HMGET', key, 'state', 'last_updated', 'rev')
if old.err then return redis.error_reply(old.err) end
local rev = old[3]
if rev then
    rev = string.format('%.0f', rev + 1)
else
    local time = redis.call('TIME')
    rev = string.format('%.0f', time[1] * 1000000 + time[2])
end
local done = redis.pcall('HSET', key, 'state', ARGV[1], 'last_updated', ARGV[2], 'rev', rev)
if type(done) == 'table' then return redis.error_reply(done.err) end
done = redis.pcall('PUBLISH', ARGV[4], '{"rev":' .. rev .. ',' .. ARGV[5])
if type(done) == 'table' then
    if old[3] then
        redis.call('HSET', key, 'state', old[1], 'last_updated', old[2], 'rev', old[3])
    else
        redis.call('DEL', key)
    end
    return redis.error_reply(done.err)
end
if ARGV[6] == '1' or not old[3] then redis.call('PEXPIRE', key, ARGV[3]) end
return rev
