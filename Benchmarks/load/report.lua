-- What every script says at its end: one line of JSON. Latencies are in microseconds.
-- The statuses are those of the answers that the script counted in its global `counts`; wrk itself counts what is above 399.
-- A script that does something of several requests, again and again, has the seconds of each time in its global `durations`, and
-- how often it could not go on in `stuck`: then these are what is reported.
local threads = {}

function setup(thread) threads[#threads + 1] = thread end

function done(summary, latency, requests)
   local errors, statuses, elapsed = summary.errors, {}, summary.duration / 1e6
   local wholes, stuck, whole = {}, 0, false
   for _, thread in ipairs(threads) do
      for status, count in pairs(thread:get("counts") or {}) do
         statuses[#statuses + 1] = string.format('"%s": %d', status, count)
      end
      -- A script that stopped early knows better than wrk, which waits for its time to pass.
      elapsed = thread:get("elapsed") or elapsed
      local durations = thread:get("durations")
      for _, seconds in ipairs(durations or {}) do wholes[#wholes + 1] = seconds * 1e6 end
      whole = whole or durations ~= nil
      stuck = stuck + (thread:get("stuck") or 0)
   end
   table.sort(wholes)
   local function percentile(share)
      if not whole then return latency:percentile(share) end
      return wholes[math.max(1, math.ceil(#wholes * share / 100))] or 0
   end
   io.write(string.format(
      '\nresult {"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d, "statuses": {%s}}\n',
      whole and #wholes or summary.requests, elapsed, summary.bytes, percentile(50), percentile(99),
      errors.status, stuck + errors.connect + errors.read + errors.write + errors.timeout, table.concat(statuses, ", ")))
end

-- Splits a request at a mark, so that each one is made by joining three strings.
function around(mark, request)
   local from, to = request:find(mark, 1, true)
   return request:sub(1, from - 1), request:sub(to + 1)
end
