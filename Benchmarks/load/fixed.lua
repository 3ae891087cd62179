-- The one request of the command line, again and again.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
