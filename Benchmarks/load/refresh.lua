-- Arguments: a file of refresh tokens (more than there are connections), and the rest of the form.
-- Every token is used once; the answer brings the one that takes its place. With one thread only.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local tokens, first, last, form = {}, 1, 0, nil
counts = {}

function init(arguments)
   for line in io.lines(arguments[1]) do
      last = last + 1
      tokens[last] = line
   end
   form = arguments[2]
end

function request()
   local token = tokens[first]
   tokens[first] = nil
   first = first + 1
   return wrk.format("POST", nil, nil, form .. "&refresh_token=" .. token)
end

function response(status, headers, body)
   counts[tostring(status)] = (counts[tostring(status)] or 0) + 1
   local token = body:match('"refresh_token"%s*:%s*"([^"]+)"')
   if token then
      last = last + 1
      tokens[last] = token
   end
end
