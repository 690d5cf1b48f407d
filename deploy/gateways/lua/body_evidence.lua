-- What a judgement may need of an error's body, for every gateway that runs Lua (5.1 to 5.4, LuaJIT):
-- how many members partialSuccessResponses has, and the code that the vendor gives.
-- No JSON library: Envoy and HAProxy bring none. How to use it: docs/gateways/evidence.md.

local LONGEST_BODY = 64 * 1024 -- a longer body is not looked into
local LONGEST_CODE = 64
local CLOSING = { ['{'] = '}', ['['] = ']' }

-- The functions named after_ take the place where something begins and return the one behind it, or nil if the text
-- ends before.

local function after_blanks(text, at)
  return text:find('[^ \t\r\n]', at) or #text + 1
end

local function after_string(text, at)
  local stop = text:find('["\\]', at + 1)
  while stop and text:sub(stop, stop) == '\\' do
    stop = text:find('["\\]', stop + 2)
  end
  return stop and stop + 1
end

-- The insides of what is passed over are not checked, so nothing recurses.
local function after_nested(text, at)
  local depth = 0
  repeat
    at = text:find('["%[%]{}]', at)
    if not at then return nil end
    local mark = text:sub(at, at)
    if mark == '"' then
      at = after_string(text, at)
      if not at then return nil end
    else
      depth = depth + (CLOSING[mark] and 1 or -1)
      at = at + 1
    end
  until depth == 0
  return at
end

local function after_value(text, at)
  local first = text:sub(at, at)
  if first == '"' then return after_string(text, at) end
  if CLOSING[first] then return after_nested(text, at) end
  local _, last = text:find('^[%w.+-]+', at)
  return last and last + 1
end

-- A code has no other escapes worth reading: whatever keeps its backslash is refused later.
local function unescaped(text)
  return (text:gsub('\\u00([0-7]%x)', function(hex) return string.char(tonumber(hex, 16)) end))
end

local function after_key(text, at)
  if text:sub(at, at) ~= '"' then return nil end
  local stop = after_string(text, at)
  if not stop then return nil end
  local colon = after_blanks(text, stop)
  if text:sub(colon, colon) ~= ':' then return nil end
  return after_blanks(text, colon + 1), unescaped(text:sub(at + 1, stop - 2))
end

-- Shows each member of the object or list to see(key, first, last); the last of two with one key wins.
local function after_members(text, at, see)
  local opening = text:sub(at, at)
  local closing = CLOSING[opening]
  if not closing then return nil end
  at = after_blanks(text, at + 1)
  if text:sub(at, at) == closing then return at + 1 end
  while true do
    local key
    if opening == '{' then at, key = after_key(text, at) end
    local stop = at and after_value(text, at)
    if not stop then return nil end
    see(key, at, stop - 1)
    at = after_blanks(text, stop)
    local mark = text:sub(at, at)
    if mark == closing then return at + 1 end
    if mark ~= ',' then return nil end
    at = after_blanks(text, at + 1)
  end
end

local function length_of_list(text, at)
  local count = 0
  if text:sub(at, at) == '[' then after_members(text, at, function() count = count + 1 end) end
  return tostring(count)
end

-- A text or a number; anything else is no code.
local function code_in(text, first, last)
  if text:sub(first, first) == '"' then return unescaped(text:sub(first + 1, last - 1)) end
  return text:match('^-?%d[%w.+-]*', first) or ''
end

local function nested_code_in(text, at)
  local code = ''
  local function see(key, first, last)
    if key == 'code' then code = code_in(text, first, last) end
  end
  if text:sub(at, at) == '{' then after_members(text, at, see) end
  return code
end

-- A code that could forge a log line is none.
local function clean(code)
  return #code <= LONGEST_CODE and code:match('^[%w_.-]+$') or ''
end

-- Returns the number of members and the code, both as texts; empty if the text is no JSON.
local function evidence_in(text)
  local members, code, older = '0', '', ''
  local stop = after_members(text, after_blanks(text, 1), function(key, first, last)
    if key == 'partialSuccessResponses' then members = length_of_list(text, first)
    elseif key == 'error_code' then code = code_in(text, first, last)
    elseif key == 'error' then older = nested_code_in(text, first)
    end
  end)
  if not stop or after_blanks(text, stop) <= #text then return '', '' end
  return members, clean(code ~= '' and code or older)
end

-- A body, which comes in chunks.
local BodyEvidence = {}
BodyEvidence.__index = BodyEvidence

function BodyEvidence.new()
  return setmetatable({ length = 0 }, BodyEvidence)
end

function BodyEvidence:add(chunk)
  self.length = self.length + #chunk
  if self.length <= LONGEST_BODY then self[#self + 1] = chunk end
end

-- Once it is whole: the number of members and the code, both as texts; empty if it is too long or no JSON.
function BodyEvidence:look()
  if self.length > LONGEST_BODY then return '', '' end
  return evidence_in(table.concat(self))
end

return BodyEvidence
