-- Before every script that logs a transition, behind refuse.lua.
--
-- Every entry of events:log has a running number, seq, so that whoever was away knows how many it has missed. A log that is lost,
-- with its Redis or in a failover, begins anew: the writer that notices, because it was given a higher number before, begins the
-- next full million, so that no number is given twice. Every writer tells once, by seq_lost, which number it was given last
-- before that: the highest of these is how far the lost log went.
local EPOCH = 1000000

local function number(text) return tonumber(text or '') or 0 end

-- The log as it is now: { seq = number of its last entry, 0 if it is empty }, or { err = text }. known: the highest number that
-- this writer was given so far, '0' for none.
local function open_log(key, length, known)
    local last = redis.pcall('XREVRANGE', key, '+', '-', 'COUNT', 1)
    if last.err then return last end
    local log = { key = key, length = length, seq = 0 }
    local fields = last[1] and last[1][2] or {}
    for i = 1, #fields, 2 do
        if fields[i] == 'seq' then log.seq = number(fields[i + 1]) end
    end
    known = number(known)
    if known > log.seq then log.seq = (math.floor(known / EPOCH) + 1) * EPOCH end
    if known > 0 and math.floor(known / EPOCH) < math.floor(log.seq / EPOCH) then log.lost = known end
    return log
end

-- Appends an event. Returns what comes before the event's JSON when it is published, its id and its number; or nil and the error.
local function append(log, channel, json)
    local seq = string.format('%.0f', log.seq + 1)
    local lost = log.lost and string.format('%.0f', log.lost)
    local id
    if lost then
        id = redis.pcall('XADD', log.key, 'MAXLEN', '~', log.length, '*', 'channel', channel, 'seq', seq, 'seq_lost', lost, 'event', json)
    else
        id = redis.pcall('XADD', log.key, 'MAXLEN', '~', log.length, '*', 'channel', channel, 'seq', seq, 'event', json)
    end
    if type(id) == 'table' then return nil, id.err end
    log.seq, log.lost = log.seq + 1, nil
    return '"event_id":"' .. id .. '","seq":' .. seq .. ',' .. (lost and '"seq_lost":' .. lost .. ',' or ''), id, seq
end

