-- Removes ids from an index if none of their documents exists. Checked and removed in one step, so that an id whose
-- document comes back at this moment stays.
--
-- KEYS  1 index set
--       then for each id the keys that its documents would have
-- ARGV  1 number of keys for each id
--       then the ids
-- Reply number of ids that were removed
local each, removed = tonumber(ARGV[1]), 0
for i = 2, #ARGV do
    local first = 2 + (i - 2) * each
    if redis.call('EXISTS', unpack(KEYS, first, first + each - 1)) == 0 then
        removed = removed + redis.call('SREM', KEYS[1], ARGV[i])
    end
end
return removed
