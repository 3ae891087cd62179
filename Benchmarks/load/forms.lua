-- Arguments: a file with one form a line, and a file for what the answers bring (their Location).
-- Posts each form once and stops after the last answer. A line that begins with / is a path, and got. With one thread only.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(folder .. "report.lua")
dofile(folder .. "clock.lua")
local ffi = require("ffi")
ffi.cdef([[
   int getpid(void);
   int kill(int process, int signal);
]])

local forms, position, answers, began, written = {}, 0, 0, nil, nil
counts = {}

function init(arguments)
   for line in io.lines(arguments[1]) do forms[#forms + 1] = line end
   -- wrk asks for one request only to look at it.
   position = -1
   written = assert(io.open(arguments[2], "w"))
end

function request()
   position = position + 1
   if position == 1 then began = now() end
   -- Connections that have nothing left to send ask for something that costs nothing.
   if position > #forms then return wrk.format("GET", "/nothing") end
   local line = forms[math.max(position, 1)]
   if line:sub(1, 1) == "/" then return wrk.format("GET", line) end
   return wrk.format("POST", nil, nil, line)
end

function response(status, headers, body)
   if answers >= #forms or status == 404 then return end
   answers = answers + 1
   counts[tostring(status)] = (counts[tostring(status)] or 0) + 1
   local location = headers["location"] or headers["Location"]
   if location then written:write(location, "\n") end
   if answers == #forms then
      elapsed = now() - began
      written:close()
      -- As Ctrl-C: wrk would sleep through its time even with all threads stopped.
      ffi.C.kill(ffi.C.getpid(), 2)
   end
end
