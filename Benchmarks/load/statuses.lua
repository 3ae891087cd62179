-- Argument: "unknown" to bring session cookies that no session has, a new one each time.
-- Counts the answers by status. With one thread only.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local unknown, number, before, after = false, 0, nil, nil
counts = {}

function init(arguments)
   unknown = arguments[1] == "unknown"
   wrk.headers[unknown and "Cookie" or "X-Number"] = "gatehouse=@@"
   before, after = around("@@", wrk.format())
end

function request()
   number = number + 1
   -- The last letter of 32 bytes in base64url has only two bits.
   return before .. string.format("%042dA", number) .. after
end

function response(status) counts[tostring(status)] = (counts[tostring(status)] or 0) + 1 end
