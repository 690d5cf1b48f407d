-- For HAProxy from 2.5 on: takes out of an error's body the two things that a judgement may need, and nothing else.
-- Into two slots for response captures: how many members partialSuccessResponses has, and the vendor's own code.
-- The body streams on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

local BodyEvidence = require('body_evidence')

local Evidence = { id = 'statuslens evidence', flags = filter.FLT_CFG_FL_HTX }

-- HAProxy calls it for each request.
function Evidence:new()
  return setmetatable({}, { __index = self })
end

-- Captures have no names in the log, so these texts name themselves.
function Evidence:capture(txn, members, code)
  txn.c:capture_res('partial_success=' .. members, self.members_slot)
  txn.c:capture_res('error_code=' .. code, self.code_slot)
end

function Evidence:http_headers(txn, message)
  if not message:is_resp() then return end
  self:capture(txn, '', '')
  if tonumber(message:get_stline().code) < 400 then return end
  self.body = BodyEvidence.new()
  filter.register_data_filter(self, message.channel)
end

function Evidence:http_payload(_, message)
  self.body:add(message:body() or '')
end

function Evidence:http_end(txn, message)
  if message:is_resp() and self.body then self:capture(txn, self.body:look()) end
end

-- filter lua.evidence <slot for partial_success> <slot for error_code>
core.register_filter('evidence', Evidence, function(self, slots)
  self.members_slot, self.code_slot = tonumber(slots[1]), tonumber(slots[2])
  assert(self.members_slot and self.code_slot, 'filter lua.evidence needs the numbers of two capture slots')
  return self
end)
