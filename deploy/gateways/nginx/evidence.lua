-- For nginx with Lua: takes out of an error's body the two things that a judgement may need, and nothing else.
-- $partial_success: how many members partialSuccessResponses has; $error_code: the code that the vendor gives.
-- The body goes on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

local BodyEvidence = require('body_evidence')

local evidence = {}

-- To be called in body_filter_by_lua_block.
function evidence.read()
  if ngx.status < 400 then return end
  local context = ngx.ctx
  context.evidence = context.evidence or BodyEvidence.new()
  context.evidence:add(ngx.arg[1] or '')
  if ngx.arg[2] then ngx.var.partial_success, ngx.var.error_code = context.evidence:look() end
end

return evidence
