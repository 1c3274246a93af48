-- Tells one turn of a node that does not tell it by a heartbeat: offline, silent, or the coming of an older node. Whoever
-- comes second is refused, and so is whoever has looked before the node gave a sign of life.
--
-- KEYS  1 liveness hash
--       2 health hash
--       3 log stream
-- ARGV  1 condition from now on: online, offline, silent
--       2 what must be so besides: 'said' nothing | 'missed' three intervals have passed since the last heartbeat |
--         'gone' there is no health | 'there' there is one
--       3 expected condition, '' for none
--       4 expected instance, '' for none
--       5 expected seen, '' for none
--       6 for online: last_heartbeat, ISO-8601
--       7 for online: revision of the health, '' for none
--       8 time to live of the liveness in ms
--       9 channel
--      10 event JSON without the opening brace; '' to tell nothing: another heartbeat of an older node
--      11 length of the log
--      12 its time to live in ms
--      13 highest seq in it that this writer was given so far, 0 for none
--
-- Reply event_id/seq, '' if nothing was told; then, after a line feed, a note.
-- Error with nothing changed and nothing sent. First word: CONFLICT, and the others of write.lua.
local key, condition, event = KEYS[1], ARGV[1], ARGV[10]
if not ARGV[13] then return refuse('ERR too few arguments') end
local names = {'condition', 'since', 'instance', 'last_heartbeat', 'health_rev', 'seen', 'interval'}
local known = call('HMGET', key, unpack(names))
if known.err then return refuse(known.err) end
if (known[1] or '') ~= ARGV[3] or (known[3] or '') ~= ARGV[4] or (known[6] or '') ~= ARGV[5] then
    return refuse('CONFLICT ' .. (known[1] or 'unknown') .. ' is the condition in ' .. key)
end
local time = call('TIME')
if time.err then return refuse(time.err) end
local now = milliseconds(time)
if ARGV[2] == 'missed' and now - (tonumber(known[6]) or now) < 3 * (tonumber(known[7]) or now) then
    return refuse('CONFLICT the heartbeats of ' .. key .. ' are not missing yet')
end
if ARGV[2] == 'gone' or ARGV[2] == 'there' then
    local there = call('EXISTS', KEYS[2])
    if type(there) == 'table' then return refuse(there.err) end
    if (there == 1) ~= (ARGV[2] == 'there') then return refuse('CONFLICT ' .. KEYS[2] .. ' has come or gone') end
end
local log = event ~= '' and open_log(KEYS[3], ARGV[11], ARGV[13])
if log and log.err then return refuse(log.err) end

-- As in write.lua: what can be undone; PUBLISH, which cannot; what may fail.
local rev, done, failed, id, seq, mark = known[5] or '', nil, nil, nil, nil, nil
if condition == 'online' then
    rev = ARGV[7]
    done = call('HSET', key, 'condition', condition, 'since', event == '' and known[2] or decimal(now), 'instance', '',
        'last_heartbeat', ARGV[6], 'health_rev', rev, 'seen', decimal(now), 'interval', '')
else
    done = call('HSET', key, 'condition', condition, 'since', decimal(now))
end
if type(done) == 'table' then return refuse(done.err) end
if not known[1] then
    done = call('PEXPIRE', key, ARGV[8])
    failed = type(done) == 'table' and done.err
end
if event ~= '' and not failed then
    local head = revision(rev) and '{"rev":' .. rev .. ',' or '{'
    mark, id, seq = append(log, ARGV[9], head .. event)
    if not mark then failed, id = id, nil end
    if id then
        done = call('PUBLISH', ARGV[9], head .. mark .. event)
        failed = type(done) == 'table' and done.err
    end
end
if failed then
    local broken = put_back(key, names, known)
    if id and type(call('XDEL', KEYS[3], id)) == 'table' then broken = true end
    return refuse(failed, broken)
end

local reply, note = id and id .. '/' .. seq or '', nil
local function attempt(...)
    done = call(...)
    if type(done) == 'table' then note = done.err end
end
if known[1] then attempt('PEXPIRE', key, ARGV[8]) end
if id then attempt('PEXPIRE', KEYS[3], ARGV[12]) end
return note and reply .. '\n' .. note or reply
