-- For nginx with Lua: takes out of an error's body the two things that a judgement may need, and nothing else.
-- $partial_success: how many members partialSuccessResponses has; $error_code: the code that the vendor gives.
-- The body goes on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

local cjson = require('cjson.safe')

local LONGEST_BODY = 64 * 1024 -- a longer body is not looked into

local function evidence_in(body)
  local content = cjson.decode(body)
  if type(content) ~= 'table' then return '', '' end
  local members = content.partialSuccessResponses
  local code = content.error_code
  if code == nil and type(content.error) == 'table' then code = content.error.code end
  code = tostring(code or '')
  return type(members) == 'table' and tostring(#members) or '0',
    #code <= 64 and code:match('^[%w_.%-]+$') or ''
end

local evidence = {}

-- To be called in body_filter_by_lua_block.
function evidence.read()
  local context = ngx.ctx
  if ngx.status < 400 or context.evidence_done then return end
  context.evidence_body = (context.evidence_body or '') .. (ngx.arg[1] or '')
  local too_long = #context.evidence_body > LONGEST_BODY
  if not ngx.arg[2] and not too_long then return end
  context.evidence_done = true
  if too_long then return end
  ngx.var.partial_success, ngx.var.error_code = evidence_in(context.evidence_body)
end

return evidence
