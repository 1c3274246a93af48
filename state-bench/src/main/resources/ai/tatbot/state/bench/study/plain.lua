-- The script one would write first: four calls, nothing undone. KEYS key; ARGV document, time, ttl, channel, event without '{'
local rev = redis.call('HGET', KEYS[1], 'rev')
if rev then
    rev = string.format('%.0f', rev + 1)
else
    local time = redis.call('TIME')
    rev = string.format('%.0f', time[1] * 1000000 + time[2])
end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'last_updated', ARGV[2], 'rev', rev)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], '{"rev":' .. rev .. ',' .. ARGV[5])
return rev
