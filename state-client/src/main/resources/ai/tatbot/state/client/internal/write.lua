-- Writes one document and publishes its events: everything, or nothing. Redis 6.2 to 8, Valkey (hence no "#!lua" line).
--
-- KEYS  1 document hash | 2 index set | 3 log stream: needed with a transition or KEYS[4] | 4 history stream: optional
-- ARGV  1 field that holds the document: state, progress, health
--       2 document, JSON
--       3 last_updated, ISO-8601
--       4 time to live in ms, > 0
--       5 renew: '1' renews time to live, lease and index entry, '0' leaves them (the first write of a key always sets them)
--       6 expect: '' anything | 'new' no document | REV | REV:SHA1 that revision and document (hex, lower case); REV 0: a
--         document without revision
--       7 fence: '' no lease | the writer's token: refused if a higher one is stored, else it is stored
--       8 lease in ms, if there is a fence; '0' ends the lease and stores fence + 1, so that nothing late gets in
--       9 member of the index
--      10 number of events, then for each: channel, 't' transition or 'p' position, its JSON without the opening brace
--         then, with KEYS[3]: length of the log, its time to live in ms
--         then, with KEYS[4]: length of the history, its time to live in ms, field, value, ...
--
-- Reply {rev, previous rev or '', note, event_id of each transition ...}, all strings. The note is '' or says what failed
--       without refusing the write: history, renewing a time to live, on 6.2 a further channel after an event had gone out.
-- Error with nothing changed and nothing sent. First word: CONFLICT (second word: the rev there is, 0 for none), FENCED
--       (second word: the fence there is), NOPERM, WRONGTYPE, OOM, READONLY, MISCONF, ... or ERR; PARTIAL: no undo either.
--
-- A script does not roll back. Hence the order: checks; what can be undone (HSET, SADD, XADD); PUBLISH, which cannot; last
-- what may fail with a note. A key's time to live comes after PUBLISH, because no undo would restore it to the millisecond.
local key, field, fence, events = KEYS[1], ARGV[1], ARGV[7], tonumber(ARGV[10])

local function refuse(text) -- 6.2 puts a position and a dash before the code, and has no code for a command that ACLs refuse
    text = text:gsub('^@[^:]*: *%d+: *', ''):gsub('^%-', '')
    if text:find("The user executing the script can't", 1, true) or text:find('ACL failure', 1, true) then
        text = 'NOPERM ' .. text:gsub('^%u+ ', '')
    end
    return redis.error_reply(text:find('^%u+ ') and text or 'ERR ' .. text)
end

-- Checks
if not ARGV[10 + 3 * events] then return refuse('ERR too few arguments') end
local old = redis.pcall('HMGET', key, field, 'last_updated', 'rev', 'fence', 'lease_until')
if old.err then return refuse(old.err) end
local exists, previous = old[1] or old[3], tonumber(old[3])
if previous and not (previous > 0 and previous < 9e15) then previous = nil end -- not one of ours
local expect = ARGV[6]
if expect ~= '' then
    local rev = previous and old[3] or '0'
    local met = exists and (expect == rev or old[1] and expect == rev .. ':' .. redis.sha1hex(old[1]))
    if expect == 'new' then met = not exists end
    if not met then return refuse('CONFLICT ' .. rev .. ' is the revision of ' .. key .. ', expected: ' .. expect) end
end
if fence ~= '' and (tonumber(old[4]) or 0) > tonumber(fence) then
    return refuse('FENCED ' .. old[4] .. ' is the fence of ' .. key .. ', yours: ' .. fence)
end
if events > 1 and redis.acl_check_cmd then -- since 7.0
    for i = 11, 8 + 3 * events, 3 do
        if not redis.acl_check_cmd('PUBLISH', ARGV[i], '') then return refuse('NOPERM PUBLISH ' .. ARGV[i]) end
    end
end

-- What can be undone
local renew, time = ARGV[5] == '1' or not previous, nil
if renew then
    time = redis.pcall('TIME')
    if time.err then return refuse(time.err) end
end
local rev = string.format('%.0f', previous and previous + 1 or time[1] * 1000000 + time[2])
local reply, done, indexed, failed = {rev, previous and old[3] or '', ''}, nil, nil, nil
if fence == '' then
    done = redis.pcall('HSET', key, field, ARGV[2], 'last_updated', ARGV[3], 'rev', rev)
elseif not renew and ARGV[8] ~= '0' then
    done = redis.pcall('HSET', key, field, ARGV[2], 'last_updated', ARGV[3], 'rev', rev, 'fence', fence)
else
    local ends = ARGV[8] == '0'
    local lease_until = ends and 0 or time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[8]
    done = redis.pcall('HSET', key, field, ARGV[2], 'last_updated', ARGV[3], 'rev', rev,
        'fence', string.format('%.0f', ends and fence + 1 or fence), 'lease_until', string.format('%.0f', lease_until))
end
if type(done) == 'table' then return refuse(done.err) end -- nothing is changed yet
if not exists then -- here the undo removes the key, and the time to live with it
    done = redis.pcall('PEXPIRE', key, ARGV[4])
    failed = type(done) == 'table' and done.err
end
if renew and not failed then
    indexed = redis.pcall('SADD', KEYS[2], ARGV[9])
    failed = type(indexed) == 'table' and indexed.err
end
local head, ids, rest = '{"rev":' .. rev .. ',', nil, 11 + 3 * events
if KEYS[3] then
    ids = {}
    for i = 11, rest - 3, 3 do
        if ARGV[i + 1] == 't' and not failed then
            local id = redis.pcall('XADD', KEYS[3], 'MAXLEN', '~', ARGV[rest], '*',
                'channel', ARGV[i], 'event', head .. ARGV[i + 2])
            if type(id) == 'table' then failed = id.err else ids[i], reply[#reply + 1] = id, id end
        end
    end
end

-- What cannot
local sent = 0
for i = 11, rest - 3, 3 do
    if not failed then
        local id = ids and ids[i]
        done = redis.pcall('PUBLISH', ARGV[i], (id and head .. '"event_id":"' .. id .. '",' or head) .. ARGV[i + 2])
        if type(done) ~= 'table' then sent = sent + 1 elseif sent == 0 then failed = done.err else reply[3] = done.err end
    end
end
if failed then
    local function undo(...)
        local undone = redis.pcall(...)
        if type(undone) == 'table' then failed = 'PARTIAL ' .. failed .. '; undo: ' .. undone.err end
    end
    local values, absent = {}, {}
    for i, name in ipairs({field, 'last_updated', 'rev', 'fence', 'lease_until'}) do
        if old[i] then
            values[#values + 1] = name
            values[#values + 1] = old[i]
        else
            absent[#absent + 1] = name
        end
    end
    if #values > 0 then undo('HSET', key, unpack(values)) end -- first: a hash without fields would be gone, with its time to live
    if #absent > 0 then undo('HDEL', key, unpack(absent)) end
    if indexed == 1 then undo('SREM', KEYS[2], ARGV[9]) end
    for i = 4, #reply do undo('XDEL', KEYS[3], reply[i]) end
    return refuse(failed)
end

-- What may fail
local function attempt(...)
    done = redis.pcall(...)
    if type(done) == 'table' and done.err then reply[3] = done.err end
end
if renew and exists then attempt('PEXPIRE', key, ARGV[4]) end
if reply[4] then attempt('PEXPIRE', KEYS[3], ARGV[rest + 1]) end
if KEYS[4] then
    attempt('XADD', KEYS[4], 'MAXLEN', '~', ARGV[rest + 2], '*', 'rev', rev, unpack(ARGV, rest + 4))
    if renew then attempt('PEXPIRE', KEYS[4], ARGV[rest + 3]) end
end
return reply
