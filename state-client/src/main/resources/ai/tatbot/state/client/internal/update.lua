-- The hot path: a position of a key that exists already, with nothing to renew. Otherwise as write.lua, which see.
--
-- KEYS  1 document hash
--       2 history stream: optional
-- ARGV  1 field that holds the document
--       2 document, JSON
--       3 last_updated, ISO-8601
--       4 channel
--       5 event JSON without the opening brace
--       6 the writer's fence, '' if it has none
--         then, with KEYS[2]: length of the history, and the values of its fields in the order below
--
-- Reply rev, a string; then, after a line feed, a note if the history failed.
-- Error with nothing changed and nothing sent. First word: ABSENT (no key, no revision of ours, or a lower fence than
--       yours: write.lua knows what to do), FENCED (second word: the fence there is), and the others of write.lua.
local key, fence, call = KEYS[1], ARGV[6], redis.pcall

if not ARGV[KEYS[2] and 17 or 6] then return refuse('ERR too few arguments') end
local old
if fence ~= '' then
    local stored = call('HMGET', key, 'fence', 'rev')
    if stored.err then return refuse(stored.err) end
    if stored[1] ~= fence then
        if (tonumber(stored[1]) or 0) > tonumber(fence) then
            return refuse('FENCED ' .. stored[1] .. ' is the fence of ' .. key .. ', yours: ' .. fence)
        end
        return refuse('ABSENT no such fence: ' .. key)
    end
    old = stored[2]
else
    old = call('HGET', key, 'rev')
    if type(old) == 'table' then return refuse(old.err) end
end
local previous = tonumber(old)
if not (previous and previous > 0 and previous < 9e15) then return refuse('ABSENT no revision: ' .. key) end

local rev = string.format('%.0f', previous + 1)
local done = call('HSET', key, 'rev', rev)
if type(done) == 'table' then return refuse(done.err) end -- nothing is changed yet
done = call('PUBLISH', ARGV[4], '{"rev":' .. rev .. ',' .. ARGV[5])
if type(done) == 'table' then
    redis.call('HSET', key, 'rev', old)
    return refuse(done.err)
end
redis.call('HSET', key, ARGV[1], ARGV[2], 'last_updated', ARGV[3])
if not KEYS[2] then return rev end

-- The names stand here because each one that is sent would cost as much as a value.
done = call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', 'rev', rev, 'stroke_idx', ARGV[8], 'pose_idx', ARGV[9],
    'description_l', ARGV[10], 'description_r', ARGV[11], 'node_id', ARGV[12], 'timestamp', ARGV[13],
    'is_executing', ARGV[14], 'is_paused', ARGV[15], 'offset_idx_l', ARGV[16], 'offset_idx_r', ARGV[17])
return type(done) == 'table' and rev .. '\n' .. done.err or rev
