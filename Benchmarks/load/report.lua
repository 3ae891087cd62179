-- What every script says at its end: one line of JSON. Latencies are in microseconds.
-- The statuses are those of the answers that the script counted in its global `counts`; wrk itself counts what is above 399.
local threads = {}

function setup(thread) threads[#threads + 1] = thread end

function done(summary, latency, requests)
   local errors, statuses, elapsed = summary.errors, {}, summary.duration / 1e6
   for _, thread in ipairs(threads) do
      for status, count in pairs(thread:get("counts") or {}) do
         statuses[#statuses + 1] = string.format('"%s": %d', status, count)
      end
      -- A script that stopped early knows better than wrk, which waits for its time to pass.
      elapsed = thread:get("elapsed") or elapsed
   end
   io.write(string.format(
      '\nresult {"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d, "statuses": {%s}}\n',
      summary.requests, elapsed, summary.bytes, latency:percentile(50), latency:percentile(99),
      errors.status, errors.connect + errors.read + errors.write + errors.timeout, table.concat(statuses, ", ")))
end

-- Splits a request at a mark, so that each one is made by joining three strings.
function around(mark, request)
   local from, to = request:find(mark, 1, true)
   return request:sub(1, from - 1), request:sub(to + 1)
end
