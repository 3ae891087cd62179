-- Arguments: a file of session ids (43 characters a line), and "random" or "sequence".
-- Each request brings one of them as session cookie, on top of the headers that stand on the command line.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local width = 44
local ids, count, random, before, after
local position = 0

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   ids = file:read("*a")
   file:close()
   count = math.floor(#ids / width)
   random = arguments[2] == "random"
   wrk.headers["Cookie"] = "theme=dark; gatehouse=@@; locale=en"
   before, after = around("@@", wrk.format())
end

function request()
   position = random and math.random(0, count - 1) or (position + 1) % count
   local first = position * width + 1
   return before .. ids:sub(first, first + width - 2) .. after
end
