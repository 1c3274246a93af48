-- What lease.lua, reap.lua, heartbeat.lua and liveness.lua have in common; put in front of their text.
local call = redis.pcall

-- As in write.lua
local function refuse(text, broken)
    text = text:gsub('^@[^:]*: *%d+: *', ''):gsub('^%-', '')
    if text:find("The user executing the script can't", 1, true) or text:find('ACL failure', 1, true) then
        text = 'NOPERM ' .. text:gsub('^%u+ ', '')
    end
    return redis.error_reply((broken and 'PARTIAL ' or '') .. (text:find('^%u+ ') and text or 'ERR ' .. text))
end

-- Appends an event to the log. Returns its id, and what the published event has in front; or nothing, and the error.
local function log_event(log, length, channel, event)
    local id = call('XADD', log, 'MAXLEN', '~', length, '*', 'channel', channel, 'event', event)
    if type(id) == 'table' then return nil, id.err end
    return id, '"event_id":"' .. id .. '",'
end

-- Puts fields of a hash back as they were; true if that is refused, too.
local function put_back(key, names, values)
    local broken = false
    for i, name in ipairs(names) do
        local done
        if values[i] then done = call('HSET', key, name, values[i]) else done = call('HDEL', key, name) end
        if type(done) == 'table' then broken = true end
    end
    return broken
end

-- A revision of ours as a number, or nothing. As in write.lua
local function revision(text)
    local rev = tonumber(text)
    return rev and rev > 0 and rev < 9e15 and rev or nil
end

local function milliseconds(time) return time[1] * 1000 + math.floor(time[2] / 1000) end
local function decimal(number) return string.format('%.0f', number) end
