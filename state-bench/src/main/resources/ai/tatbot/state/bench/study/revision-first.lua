-- Raises `rev` alone, publishes, then stores the document: the undo needs no copy of the old document. Time to live as in plain.lua
local rev = redis.call('HGET', KEYS[1], 'rev')
local new
if rev then
    new = string.format('%.0f', rev + 1)
else
    local time = redis.call('TIME')
    new = string.format('%.0f', time[1] * 1000000 + time[2])
end
redis.call('HSET', KEYS[1], 'rev', new)
local sent = redis.pcall('PUBLISH', ARGV[4], '{"rev":' .. new .. ',' .. ARGV[5])
if type(sent) == 'table' then
    if rev then redis.call('HSET', KEYS[1], 'rev', rev) else redis.call('HDEL', KEYS[1], 'rev') end
    return redis.error_reply(sent.err)
end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'last_updated', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return new
