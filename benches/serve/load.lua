-- Single-flag evaluations for a thousand users in turn, each request made beforehand: over OFREP, or of Unleash Edge where EDGE is set.
-- AUTHORIZATION is the header.
local requests, at = {}, 0

local path, body = "/ofrep/v1/evaluate/flags/flag_50", '{"context":{"targetingKey":"user-%d","plan":"pro"}}'
if os.getenv("EDGE") then
  path, body = "/api/frontend/features/flag_50", '{"userId":"user-%d","properties":{"plan":"pro"}}'
end

function init()
  local headers = { ["Authorization"] = os.getenv("AUTHORIZATION"), ["Content-Type"] = "application/json" }
  for user = 1, 1000 do
    requests[user] = wrk.format("POST", path, headers, string.format(body, user))
  end
end

function request()
  at = at % 1000 + 1
  return requests[at]
end
