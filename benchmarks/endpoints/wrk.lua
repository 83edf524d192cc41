-- Sends the requests of a file in turn, for ever. A line of it: the media type, a tab, the path. Where "@N@"
-- stands in a path goes a number that no other request has. Prints what came of it as one line of JSON.

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init(args)
  local host = wrk.host .. ":" .. wrk.port
  list, count, label = {}, 0, args[2] .. "x" .. id .. "x"
  for line in io.lines(args[1]) do
    local accept, path = line:match("^([^\t]+)\t(.+)$")
    local text = "GET " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\nAccept: " .. accept .. "\r\n\r\n"
    local from, to = text:find("@N@", 1, true)
    if from then
      table.insert(list, { text:sub(1, from - 1), text:sub(to + 1) })
    else
      table.insert(list, { text })
    end
  end
end

function request()
  local each = list[count % #list + 1]
  count = count + 1
  if each[2] then
    return each[1] .. label .. count .. each[2]
  end
  return each[1]
end

function done(summary, latency)
  local errors = summary.errors
  local function milliseconds(value)
    return summary.requests > 0 and value / 1e3 or 0
  end
  io.write(string.format(
    '\n{"answered": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50": %.4f, "p99": %.4f, "most": %.4f}\n',
    summary.requests - errors.status, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, milliseconds(latency:percentile(50)), milliseconds(latency:percentile(99)), milliseconds(latency.max)))
end
