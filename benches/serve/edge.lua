-- Single-flag evaluations of Unleash Edge's frontend API for a thousand users in turn; TOKEN is the token.
local requests, at = {}, 0

function init()
  local headers = { ["Authorization"] = os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
  for user = 1, 1000 do
    local body = string.format('{"userId":"user-%d","properties":{"plan":"pro"}}', user)
    requests[user] = wrk.format("POST", "/api/frontend/features/flag_50", headers, body)
  end
end

function request()
  at = at % 1000 + 1
  return requests[at]
end
