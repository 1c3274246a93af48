-- Writes one document and publishes its events: everything, or nothing. Redis 6.2 to 8, Valkey (hence no "#!lua" line).
-- For a position of a key that exists, with nothing to renew, update.lua does the same and costs Redis a quarter less.
--
-- KEYS  1 document hash
--       2 index set
--       3 log stream: needed with a transition or KEYS[4]
--       4 history stream: optional
-- ARGV  1 field that holds the document: state, progress, health
--       2 document, JSON
--       3 last_updated, ISO-8601
--       4 time to live in ms, > 0
--       5 renew: '1' renews time to live, lease and index entry, '0' leaves them; a key's first write always sets them
--       6 expect: '' anything | 'new' no document | REV or REV:SHA1 that revision, that document (hex, lower case);
--         REV 0: a document without revision
--       7 fence: '' no lease | the writer's token: refused if a higher one is stored, else it is stored
--       8 lease in ms, if there is a fence; '0' ends the lease and stores fence + 1, so that nothing late gets in
--       9 member of the index
--      10 number of events, then for each: channel, 't' transition or 'p' position, its JSON without the opening brace
--         then, with KEYS[3]: length of the log, its time to live in ms, highest seq that this writer was given so far
--         then, with KEYS[4]: length of the history, its time to live in ms, field, value, ...
--
-- Reply one string (an array costs Redis 10 to 20 % more): rev, previous rev or 0, event_id/seq of each transition,
--       with blanks between; then, after a line feed, a note if something failed without refusing the write: history,
--       renewing a time to live, or, on 6.2, a channel after the first.
-- Error with nothing changed and nothing sent. First word: CONFLICT (second word: the rev there is, 0 for none), FENCED
--       (second word: the fence there is), NOPERM, WRONGTYPE, OOM, READONLY, MISCONF, ... or ERR. PARTIAL, before that:
--       the write was refused, nothing was sent, but the undo was refused too (it needs HDEL, SREM, XDEL).
--
-- A script does not roll back. Hence the order: checks; what can be undone (rev and lease, index, log); PUBLISH, which
-- cannot; the document, by the command that was just allowed for rev; last what may fail with a note. An existing key's
-- time to live comes after PUBLISH, because no undo would restore it to the millisecond.
local key, field, fence, expect, events = KEYS[1], ARGV[1], ARGV[7], ARGV[6], tonumber(ARGV[10])
local last = 10 + 3 * events
local call = redis.pcall

-- Checks
if not ARGV[last] then return refuse('ERR too few arguments') end
local old = call('HMGET', key, 'rev', 'fence', 'lease_until')
if old.err then return refuse(old.err) end
local previous, document = tonumber(old[1]), nil
if previous and not (previous > 0 and previous < 9e15) then previous = nil end -- not one of ours
if not previous or expect ~= '' then
    document = call('HGET', key, field)
    if type(document) == 'table' then return refuse(document.err) end
end
local exists = old[1] or document
if expect ~= '' then
    local rev = previous and old[1] or '0'
    local met = exists and (expect == rev or document and expect == rev .. ':' .. redis.sha1hex(document))
    if expect == 'new' then met = not exists end
    if not met then return refuse('CONFLICT ' .. rev .. ' is the revision of ' .. key .. ', expected: ' .. expect) end
end
if fence ~= '' and (tonumber(old[2]) or 0) > tonumber(fence) then
    return refuse('FENCED ' .. old[2] .. ' is the fence of ' .. key .. ', yours: ' .. fence)
end
if events > 1 and redis.acl_check_cmd then -- since 7.0
    for i = 11, last, 3 do
        if not redis.acl_check_cmd('PUBLISH', ARGV[i], '') then return refuse('NOPERM PUBLISH ' .. ARGV[i]) end
    end
end
local log
for i = 11, last, 3 do
    if ARGV[i + 1] == 't' and not log then
        log = open_log(KEYS[3], ARGV[last + 1], ARGV[last + 3])
        if log.err then return refuse(log.err) end
    end
end

-- What can be undone
local renew, time = ARGV[5] == '1' or not previous, nil
if renew then
    time = call('TIME')
    if time.err then return refuse(time.err) end
end
local rev = string.format('%.0f', previous and previous + 1 or time[1] * 1000000 + time[2])
local done, indexed, failed
if fence == '' then
    done = call('HSET', key, 'rev', rev)
elseif ARGV[8] == '0' then
    done = call('HSET', key, 'rev', rev, 'fence', string.format('%.0f', fence + 1), 'lease_until', '0')
elseif renew then
    local until_ms = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[8]
    done = call('HSET', key, 'rev', rev, 'fence', fence, 'lease_until', string.format('%.0f', until_ms))
else
    done = call('HSET', key, 'rev', rev, 'fence', fence)
end
if type(done) == 'table' then return refuse(done.err) end -- nothing is changed yet
if not exists then -- the undo removes a new key, and its time to live with it
    done = call('PEXPIRE', key, ARGV[4])
    failed = type(done) == 'table' and done.err
end
if renew and not failed then
    indexed = call('SADD', KEYS[2], ARGV[9])
    failed = type(indexed) == 'table' and indexed.err
end
local reply, note, ids, head = rev .. ' ' .. (previous and old[1] or '0'), nil, {}, '{"rev":' .. rev .. ','
local heads = {}
for i = 11, last, 3 do
    if ARGV[i + 1] == 't' and not failed then
        local logged, id, seq = append(log, ARGV[i], head .. ARGV[i + 2])
        if not logged then failed = id else heads[i], ids[i], reply = logged, id, reply .. ' ' .. id .. '/' .. seq end
    end
end

-- What cannot
local sent = false
for i = 11, last, 3 do
    if not failed then
        done = call('PUBLISH', ARGV[i], head .. (heads[i] or '') .. ARGV[i + 2])
        if type(done) ~= 'table' then sent = true elseif sent then note = done.err else failed = done.err end
    end
end
if failed then
    local broken = false
    local function undo(...)
        if type(call(...)) == 'table' then broken = true end
    end
    for i, name in ipairs({'rev', 'fence', 'lease_until'}) do
        if old[i] then undo('HSET', key, name, old[i]) elseif i == 1 or fence ~= '' then undo('HDEL', key, name) end
    end
    if indexed == 1 then undo('SREM', KEYS[2], ARGV[9]) end
    for _, id in pairs(ids) do undo('XDEL', KEYS[3], id) end
    return refuse(failed, broken)
end
redis.call('HSET', key, field, ARGV[2], 'last_updated', ARGV[3])

-- What may fail
local function attempt(...)
    done = call(...)
    if type(done) == 'table' then note = done.err end
end
if renew and exists then attempt('PEXPIRE', key, ARGV[4]) end
if next(ids) then attempt('PEXPIRE', KEYS[3], ARGV[last + 2]) end
if KEYS[4] then
    attempt('XADD', KEYS[4], 'MAXLEN', '~', ARGV[last + 4], '*', 'rev', rev, unpack(ARGV, last + 6))
    if renew then attempt('PEXPIRE', KEYS[4], ARGV[last + 5]) end
end
return note and reply .. '\n' .. note or reply
