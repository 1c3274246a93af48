-- Publishes one transition that belongs to no document: logged and sent, or neither. Redis 6.2 to 8, Valkey.
--
-- KEYS  1 log stream
-- ARGV  1 channel | 2 event JSON without the opening brace | 3 length of the log | 4 its time to live in ms
-- Reply event_id, a string; then, after a line feed, a note if the log's time to live could not be renewed.
-- Error with nothing logged and nothing sent. First word: NOPERM, WRONGTYPE, OOM, READONLY, MISCONF, ... or ERR.
--       PARTIAL, before these: logged but not sent, for the undo was refused too (it needs XDEL).

-- As in write.lua
local function refuse(text, broken)
    text = text:gsub('^@[^:]*: *%d+: *', ''):gsub('^%-', '')
    if text:find("The user executing the script can't", 1, true) or text:find('ACL failure', 1, true) then
        text = 'NOPERM ' .. text:gsub('^%u+ ', '')
    end
    return redis.error_reply((broken and 'PARTIAL ' or '') .. (text:find('^%u+ ') and text or 'ERR ' .. text))
end

if not ARGV[4] then return refuse('ERR too few arguments') end
local id = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'channel', ARGV[1], 'event', '{' .. ARGV[2])
if type(id) == 'table' then return refuse(id.err) end

local done = redis.pcall('PUBLISH', ARGV[1], '{"event_id":"' .. id .. '",' .. ARGV[2])
if type(done) == 'table' then
    return refuse(done.err, type(redis.pcall('XDEL', KEYS[1], id)) == 'table')
end

done = redis.pcall('PEXPIRE', KEYS[1], ARGV[4])
return type(done) == 'table' and id .. '\n' .. done.err or id
