-- Argument: a file with a setting a line, its name first (see Benchmarks/bench/scenarios/flows.py).
-- Does what an application and its user's browser do, again and again: discovery, authorization request, login page and login
-- (where nobody is signed in), code for tokens, userinfo, refresh. Each thread does one flow after the other: as many connections as
-- threads.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(folder .. "report.lua")
dofile(folder .. "clock.lua")

local settings, step, next_request, began, tokens = {}, nil, nil, nil, {}
durations, stuck = {}, 0

local FORM = "application/x-www-form-urlencoded"

local function ask(name, method, path, fields, body)
   local headers = { Host = settings.host, Accept = "*/*" }
   for field, value in pairs(fields or {}) do headers[field] = value end
   step, next_request = name, wrk.format(method, path, headers, body)
end

local function begin()
   began = now()
   ask("discovery", "GET", settings.discovery)
end

local function header(headers, wanted)
   for name, value in pairs(headers) do
      if name:lower() == wanted then return value end
   end
end

-- The path and query of an address on the same server.
local function path_of(address) return address:gsub("^https?://[^/]+", "") end

local function plain(text)
   return (text:gsub("&quot;", '"'):gsub("&#39;", "'"):gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&amp;", "&"))
end

local function escaped(text)
   return (text:gsub("[^%w%-%._~]", function(letter) return string.format("%%%02X", letter:byte()) end))
end

local function with_code(headers)
   local code = (header(headers, "location") or ""):match("[?&]code=([^&]+)")
   if not code then return false end
   ask("exchange", "POST", settings.token, { Authorization = settings.authorization, ["Content-Type"] = FORM },
      settings.exchange .. "&code=" .. code)
   return true
end

local function token(body, name) return body:match('"' .. name .. '"%s*:%s*"([^"]+)"') end

-- What comes after each step; false where the answer was not what it should be.
local after = {}

function after.discovery(status, headers, body)
   if not body:find('"token_endpoint"', 1, true) then return false end
   ask("authorize", "GET", settings.authorize, { Cookie = settings.cookie })
   return true
end

function after.authorize(status, headers, body)
   if with_code(headers) then return true end
   local location = header(headers, "location")
   if not settings.login or not location then return false end
   ask("page", "GET", (path_of(location)))
   return true
end

function after.page(status, headers, body)
   local form = body:match("<form.-</form>")
   if not form then return false end
   local action, fields = form:match('action="([^"]+)"'), { settings.login }
   for input in form:gmatch("<input[^>]+>") do
      local name = input:match('name="([^"]+)"')
      if name and input:find('type="hidden"', 1, true) then
         fields[#fields + 1] = escaped(plain(name)) .. "=" .. escaped(plain(input:match('value="([^"]*)"') or ""))
      end
   end
   local cookie = (header(headers, "set-cookie") or ""):match("^[^;]+")
   ask("login", "POST", (path_of(plain(action))),
      { Cookie = cookie, ["Content-Type"] = FORM, Origin = "http://" .. settings.host, ["Sec-Fetch-Site"] = "same-origin" },
      table.concat(fields, "&"))
   return true
end

function after.login(status, headers, body) return with_code(headers) end

function after.exchange(status, headers, body)
   tokens = { access = token(body, "access_token"), refresh = token(body, "refresh_token") }
   if not (tokens.access and tokens.refresh and token(body, "id_token")) then return false end
   ask("userinfo", "GET", settings.userinfo, { Authorization = "Bearer " .. tokens.access })
   return true
end

function after.userinfo(status, headers, body)
   if not body:find('"sub"', 1, true) then return false end
   ask("refresh", "POST", settings.token, { Authorization = settings.authorization, ["Content-Type"] = FORM },
      settings.refresh .. "&refresh_token=" .. tokens.refresh)
   return true
end

function after.refresh(status, headers, body)
   if not token(body, "access_token") then return false end
   durations[#durations + 1] = now() - began
   begin()
   return true
end

function init(arguments)
   for line in io.lines(arguments[1]) do
      local name, value = line:match("^(%S+) (.*)$")
      settings[name] = value
   end
   begin()
end

function request() return next_request end

function response(status, headers, body)
   if not after[step](status, headers, body) then
      if stuck == 0 then io.stderr:write("flow: ", step, " was answered with ", status, ": ", body:sub(1, 300), "\n") end
      stuck = stuck + 1
      begin()
   end
end
