-- Single-flag evaluations over OFREP for a thousand users in turn, each request made beforehand; TOKEN is the token.
local requests, at = {}, 0

function init()
  local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
  for user = 1, 1000 do
    local body = string.format('{"context":{"targetingKey":"user-%d","plan":"pro"}}', user)
    requests[user] = wrk.format("POST", "/ofrep/v1/evaluate/flags/flag_50", headers, body)
  end
end

function request()
  at = at % 1000 + 1
  return requests[at]
end
