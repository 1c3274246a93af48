-- Publishes one transition that belongs to no document: logged and sent, or neither. Redis 6.2 to 8, Valkey.
--
-- KEYS  1 log stream
-- ARGV  1 channel | 2 event JSON without the opening brace | 3 length of the log | 4 its time to live in ms
--       5 highest seq that this writer was given so far, 0 for none
-- Reply event_id/seq, a blank, and how many clients it was sent to, a string; then, after a line feed, a note if the log's time to live could not be renewed.
-- Error with nothing logged and nothing sent. First word: NOPERM, WRONGTYPE, OOM, READONLY, MISCONF, ... or ERR.
--       PARTIAL, before these: logged but not sent, for the undo was refused too (it needs XDEL).

if not ARGV[5] then return refuse('ERR too few arguments') end
local log = open_log(KEYS[1], ARGV[3], ARGV[5])
if log.err then return refuse(log.err) end
local head, id, seq = append(log, ARGV[1], '{' .. ARGV[2])
if not head then return refuse(id) end

local done = redis.pcall('PUBLISH', ARGV[1], '{' .. head .. ARGV[2])
if type(done) == 'table' then
    return refuse(done.err, type(redis.pcall('XDEL', KEYS[1], id)) == 'table')
end

local reply = id .. '/' .. seq .. ' ' .. done
done = redis.pcall('PEXPIRE', KEYS[1], ARGV[4])
return type(done) == 'table' and reply .. '\n' .. done.err or reply
