-- Before every script that logs a transition, behind refuse.lua.
--
-- Every entry of events:log has a running number, seq, so that whoever was away knows how many it has missed. A log begins at the
-- tenth of a second, by Redis' clock, times a hundred thousand: a log that is lost, with its Redis or in a failover, and begun anew
-- has higher numbers, even if who begins it knows of none before. Every writer tells once, by seq_lost, which number it was given
-- last in a log before this one: the highest of these is how far the lost log went. Should the clock have gone back, the writer
-- that notices, because it was given a higher number before, begins anew above that: two epochs, lest it look like the same log.
local EPOCH = 100000

local function number(text) return tonumber(text or '') or 0 end

-- Whether two numbers may be of one log: of the same epoch, or of two that follow one another, if it was far on in the first.
local function same_log(earlier, later)
    local epochs = math.floor(later / EPOCH) - math.floor(earlier / EPOCH)
    return epochs == 0 or (epochs == 1 and earlier % EPOCH > EPOCH / 2)
end

-- The log as it is now: { seq = number of its last entry, or the one before its first }, or { err = text }. known: the highest
-- number that this writer was given so far, '0' for none.
local function open_log(key, length, known)
    local last = redis.pcall('XREVRANGE', key, '+', '-', 'COUNT', 1)
    if last.err then return last end
    local log = { key = key, length = length, seq = 0 }
    local fields = last[1] and last[1][2] or {}
    for i = 1, #fields, 2 do
        if fields[i] == 'seq' then log.seq = number(fields[i + 1]) end
    end
    if log.seq == 0 then
        local time = redis.pcall('TIME')
        if time.err then return time end
        log.seq = (number(time[1]) * 10 + math.floor(number(time[2]) / 100000)) * EPOCH
    end
    known = number(known)
    if known > log.seq then log.seq = (math.floor(known / EPOCH) + 2) * EPOCH end
    if known > 0 and not same_log(known, log.seq) then log.lost = known end
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

