-- For Envoy: takes out of an error's body the two things that a judgement may need, and nothing else.
-- Into the dynamic metadata "statuslens": how many members partialSuccessResponses has, and the vendor's own code.
-- The body streams on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

package.path = '/etc/envoy/statuslens/?.lua;' .. package.path
local BodyEvidence = require('body_evidence')

-- Not handle:body(), which would have Envoy hold the answer back and replace one that is too long by a 500.
function envoy_on_response(handle)
  if tonumber(handle:headers():get(':status')) < 400 then return end
  local body = BodyEvidence.new()
  for chunk in handle:bodyChunks() do
    body:add(chunk:getBytes(0, chunk:length()))
  end
  local members, code = body:look()
  local metadata = handle:streamInfo():dynamicMetadata()
  if members ~= '' then metadata:set('statuslens', 'partial_success', tonumber(members)) end
  if code ~= '' then metadata:set('statuslens', 'error_code', code) end
end
