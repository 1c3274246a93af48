-- What lease.lua, reap.lua, heartbeat.lua and liveness.lua have in common; put in front of their text,
-- behind refuse.lua and log.lua.
local call = redis.pcall

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
