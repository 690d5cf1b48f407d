-- A plugin for Kong: takes out of an error's body the two things that a judgement may need, and nothing else.
-- Into the log: partial_success, how many members partialSuccessResponses has, and error_code, the vendor's own code.
-- The body goes on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

local BodyEvidence = require('body_evidence')

local Evidence = {
  VERSION = '1.0.0',
  PRIORITY = 100000, -- before any plugin that changes the body
}

-- A compressed body could not be read.
function Evidence:access()
  kong.service.request.clear_header('Accept-Encoding')
end

function Evidence:body_filter()
  local status = kong.service.response.get_status() -- nil if Kong itself answers
  if not status or status < 400 then return end
  local context = kong.ctx.plugin
  context.body = context.body or BodyEvidence.new()
  context.body:add(ngx.arg[1] or '')
  if not ngx.arg[2] then return end
  local members, code = context.body:look()
  kong.log.set_serialize_value('partial_success', members)
  kong.log.set_serialize_value('error_code', code)
end

return Evidence
