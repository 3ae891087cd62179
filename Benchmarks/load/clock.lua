-- The time that has passed, in seconds, by a clock that nobody sets.
local ffi = require("ffi")
ffi.cdef([[
   typedef struct { long seconds, nanoseconds; } moment;
   int clock_gettime(int clock, moment *now);
]])

function now()
   local moment = ffi.new("moment")
   ffi.C.clock_gettime(1, moment)
   return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end
