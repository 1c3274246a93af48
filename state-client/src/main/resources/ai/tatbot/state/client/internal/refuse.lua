-- Before every script that writes. How an error leaves it: the code first, as clients expect it. 6.2 puts a position and a
-- dash before the code, and has no code for what ACLs refuse.
local function refuse(text, broken)
    text = text:gsub('^@[^:]*: *%d+: *', ''):gsub('^%-', '')
    if text:find("The user executing the script can't", 1, true) or text:find('ACL failure', 1, true) then
        text = 'NOPERM ' .. text:gsub('^%u+ ', '')
    end
    return redis.error_reply((broken and 'PARTIAL ' or '') .. (text:find('^%u+ ') and text or 'ERR ' .. text))
end

