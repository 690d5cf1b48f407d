-- Runs Envoy's script in nginx, once the body is whole: what it asks of Envoy is answered by nginx.
local function handle(chunks)
  local at = 0
  local function next_chunk()
    at = at + 1
    local chunk = chunks[at]
    if not chunk then return nil end
    return { length = function() return #chunk end, getBytes = function() return chunk end }
  end
  local metadata = { set = function(_, _, name, value) ngx.var[name] = tostring(value) end }
  return {
    headers = function() return { get = function() return tostring(ngx.status) end } end,
    bodyChunks = function() return next_chunk end,
    streamInfo = function() return { dynamicMetadata = function() return metadata end } end,
  }
end

return function(script)
  local chunks = ngx.ctx.chunks or {}
  ngx.ctx.chunks = chunks
  chunks[#chunks + 1] = ngx.arg[1] ~= '' and ngx.arg[1] or nil
  if not ngx.arg[2] then return end
  local globals = setmetatable({}, { __index = _G })
  setfenv(assert(loadfile(script)), globals)()
  globals.envoy_on_response(handle(chunks))
end
