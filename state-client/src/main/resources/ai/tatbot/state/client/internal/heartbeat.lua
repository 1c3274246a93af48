-- Stores the health of a node and publishes it; and, in the same step, tells that the node has come, or that another
-- process speaks for it now. Everything, or nothing. May be repeated: what was told is not told again.
--
-- KEYS  1 health hash
--       2 index set
--       3 liveness hash
--       4 log stream
-- ARGV  1 field that holds the document
--       2 document, JSON
--       3 last_updated, ISO-8601
--       4 time to live of the health in ms
--       5 time to live of the liveness in ms
--       6 member of the index
--       7 channel
--       8 health_update, JSON without the opening brace
--       9 online, as well
--      10 restarted, as well
--      11 name of this process
--      12 time between two heartbeats in ms
--      13 last_heartbeat, ISO-8601
--      14 length of the log
--      15 its time to live in ms
--      16 highest seq in it that this writer was given so far, 0 for none
--
-- Reply as write.lua: rev, previous rev or 0, event_id/seq if there was a turn; then, after a line feed, a note.
-- Error with nothing changed and nothing sent: as write.lua.
local key, living = KEYS[1], KEYS[3]
if not ARGV[16] then return refuse('ERR too few arguments') end
local old = call('HMGET', key, 'rev', ARGV[1])
if old.err then return refuse(old.err) end
local names = {'condition', 'since', 'instance', 'last_heartbeat', 'health_rev', 'seen', 'interval'}
local known = call('HMGET', living, unpack(names))
if known.err then return refuse(known.err) end
local previous, exists = revision(old[1]), old[1] or old[2]
local turn = known[1] ~= 'online' and ARGV[9] or known[3] ~= ARGV[11] and ARGV[10]
local log = turn and open_log(KEYS[4], ARGV[14], ARGV[16])
if log and log.err then return refuse(log.err) end
local time = call('TIME')
if time.err then return refuse(time.err) end
local now = decimal(milliseconds(time))

-- As in write.lua: what can be undone; PUBLISH, which cannot; the document; what may fail.
local rev = decimal(previous and previous + 1 or time[1] * 1000000 + time[2])
local done = call('HSET', key, 'rev', rev)
if type(done) == 'table' then return refuse(done.err) end
local failed, indexed, lived, id, seq, mark
if not exists then -- the undo removes a new key, and its time to live with it
    done = call('PEXPIRE', key, ARGV[4])
    failed = type(done) == 'table' and done.err
end
if not failed then
    indexed = call('SADD', KEYS[2], ARGV[6])
    failed = type(indexed) == 'table' and indexed.err
end
if not failed then
    lived = call('HSET', living, 'condition', 'online', 'since', turn and now or known[2] or now, 'instance', ARGV[11],
        'last_heartbeat', ARGV[13], 'health_rev', rev, 'seen', now, 'interval', ARGV[12])
    failed = type(lived) == 'table' and lived.err
end
if not failed and not known[1] then
    done = call('PEXPIRE', living, ARGV[5])
    failed = type(done) == 'table' and done.err
end
local head = '{"rev":' .. rev .. ','
if not failed and turn then
    mark, id, seq = append(log, ARGV[7], head .. turn)
    if not mark then failed, id = id, nil end
end
if not failed and turn then
    done = call('PUBLISH', ARGV[7], head .. mark .. turn)
    failed = type(done) == 'table' and done.err
end
if not failed then
    -- The same channel: it is not refused now if it was not before.
    done = call('PUBLISH', ARGV[7], head .. ARGV[8])
    failed = type(done) == 'table' and done.err
end
if failed then
    local broken = put_back(key, {'rev'}, old)
    if type(lived) == 'number' and put_back(living, names, known) then broken = true end
    if indexed == 1 and type(call('SREM', KEYS[2], ARGV[6])) == 'table' then broken = true end
    if id and type(call('XDEL', KEYS[4], id)) == 'table' then broken = true end
    return refuse(failed, broken)
end
redis.call('HSET', key, ARGV[1], ARGV[2], 'last_updated', ARGV[3])

local reply, note = rev .. ' ' .. (previous and old[1] or '0') .. (id and ' ' .. id .. '/' .. seq or ''), nil
local function attempt(...)
    done = call(...)
    if type(done) == 'table' then note = done.err end
end
if exists then attempt('PEXPIRE', key, ARGV[4]) end
if known[1] then attempt('PEXPIRE', living, ARGV[5]) end
if id then attempt('PEXPIRE', KEYS[4], ARGV[15]) end
return note and reply .. '\n' .. note or reply
