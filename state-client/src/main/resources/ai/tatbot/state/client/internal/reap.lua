-- Ends a session whose writer is dead, and tells so: everything, or nothing. Whoever comes second is refused, and so is
-- whoever has looked at the session before its writer wrote, or renewed its lease, which does not raise its revision.
--
-- KEYS  1 document hash
--       2 log stream
--       3 history stream
-- ARGV  1 field that holds the document
--       2 document, JSON: the one there is, ended
--       3 last_updated, ISO-8601
--       4 time to live in ms
--       5 expected REV:SHA1 of the document there is (hex, lower case); REV 0: it has no revision
--       6 channel
--       7 event JSON without the opening brace
--       8 length of the log
--       9 its time to live in ms
--      10 length of the history
--      11 its time to live in ms
--      12 highest seq in the log that this writer was given so far, 0 for none
--         then field, value, ... of the history
--
-- Reply as write.lua: rev, previous rev or 0, event_id/seq; then, after a line feed, a note.
-- Error with nothing changed and nothing sent. First word: CONFLICT (second word: the rev there is, 0 for none), and the
--       others of write.lua.
local key, head = KEYS[1], nil
if not ARGV[14] then return refuse('ERR too few arguments') end
local old = call('HMGET', key, 'rev', 'fence', 'lease_until', ARGV[1])
if old.err then return refuse(old.err) end
local previous, document = revision(old[1]), old[4]
local stored = previous and old[1] or '0'
if not document or ARGV[5] ~= stored .. ':' .. redis.sha1hex(document) then
    return refuse('CONFLICT ' .. stored .. ' is the revision of ' .. key .. ', expected: ' .. ARGV[5])
end
local time = call('TIME')
if time.err then return refuse(time.err) end
if (tonumber(old[3]) or 0) >= milliseconds(time) then
    return refuse('CONFLICT ' .. stored .. ' is the revision of ' .. key .. ', whose writer is alive until ' .. old[3])
end
local log = open_log(KEYS[2], ARGV[8], ARGV[12])
if log.err then return refuse(log.err) end

-- As in write.lua: what can be undone; PUBLISH, which cannot; the document; what may fail.
local rev = decimal(previous and previous + 1 or time[1] * 1000000 + time[2])
local names, done = {'rev'}, nil
if tonumber(old[2]) then
    names = {'rev', 'fence', 'lease_until'}
    done = call('HSET', key, 'rev', rev, 'fence', decimal(old[2] + 1), 'lease_until', '0')
else
    done = call('HSET', key, 'rev', rev)
end
if type(done) == 'table' then return refuse(done.err) end
head = '{"rev":' .. rev .. ','
local mark, id, seq = append(log, ARGV[6], head .. ARGV[7])
local failed = nil
if not mark then failed, id = id, nil end
if id then
    done = call('PUBLISH', ARGV[6], head .. mark .. ARGV[7])
    failed = type(done) == 'table' and done.err
end
if failed then
    local broken = put_back(key, names, old)
    if id and type(call('XDEL', KEYS[2], id)) == 'table' then broken = true end
    return refuse(failed, broken)
end
redis.call('HSET', key, ARGV[1], ARGV[2], 'last_updated', ARGV[3])

local reply, note = rev .. ' ' .. stored .. ' ' .. id .. '/' .. seq, nil
local function attempt(...)
    done = call(...)
    if type(done) == 'table' then note = done.err end
end
attempt('PEXPIRE', key, ARGV[4])
attempt('PEXPIRE', KEYS[2], ARGV[9])
attempt('XADD', KEYS[3], 'MAXLEN', '~', ARGV[10], '*', 'rev', rev, unpack(ARGV, 13))
attempt('PEXPIRE', KEYS[3], ARGV[11])
return note and reply .. '\n' .. note or reply
