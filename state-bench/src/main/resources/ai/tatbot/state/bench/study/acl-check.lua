-- As plain.lua, but asks the ACLs first (Redis 7.0 and later) instead of undoing.
if not redis.acl_check_cmd('PUBLISH', ARGV[4], '') then return redis.error_reply('NOPERM ' .. ARGV[4]) end
if not redis.acl_check_cmd('PEXPIRE', KEYS[1], ARGV[3]) then return redis.error_reply('NOPERM PEXPIRE') end
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
