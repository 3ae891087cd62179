-- Argument: a file of bearer tokens, one a line. Each request brings the next one.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local tokens, position = {}, 0
local before, after

function init(arguments)
   for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
   wrk.headers["Authorization"] = "Bearer @@"
   before, after = around("@@", wrk.format())
end

function request()
   position = position % #tokens + 1
   return before .. tokens[position] .. after
end
