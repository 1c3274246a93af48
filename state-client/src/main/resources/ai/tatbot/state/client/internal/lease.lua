-- Renews the lease of a running session, and with it whatever expires; tells nobody, and leaves its revision.
--
-- KEYS  1 document hash
--       2 index set
--       3 history stream
-- ARGV  1 field that holds the document
--       2 the writer's fence
--       3 lease in ms
--       4 time to live of the document in ms
--       5 time to live of the history in ms
--       6 member of the index
--
-- Reply ''; or a note if the lease was renewed, but not what goes with it.
-- Error with nothing changed. First word: FENCED (second word: the fence there is), ABSENT (no document; the next write
--       makes it anew), and the others of write.lua.
local key, fence = KEYS[1], ARGV[2]
if not ARGV[6] then return refuse('ERR too few arguments') end
local old = call('HMGET', key, ARGV[1], 'fence')
if old.err then return refuse(old.err) end
if not old[1] then return refuse('ABSENT no document: ' .. key) end
if (tonumber(old[2]) or 0) > tonumber(fence) then
    return refuse('FENCED ' .. old[2] .. ' is the fence of ' .. key .. ', yours: ' .. fence)
end
local time = call('TIME')
if time.err then return refuse(time.err) end

-- A lower fence is what a replica that lagged knew: as in write.lua, ours is stored again.
local done = call('HSET', key, 'fence', fence, 'lease_until', decimal(milliseconds(time) + ARGV[3]))
if type(done) == 'table' then return refuse(done.err) end

local note = ''
local function attempt(...)
    done = call(...)
    if type(done) == 'table' then note = done.err end
end
attempt('SADD', KEYS[2], ARGV[6])
attempt('PEXPIRE', key, ARGV[4])
attempt('PEXPIRE', KEYS[3], ARGV[5])
return note
