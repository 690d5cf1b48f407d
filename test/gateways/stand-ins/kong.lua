-- Runs Kong's plugin in nginx, which Kong is made of: what it asks of Kong is answered by nginx.
return function(handler)
  rawset(_G, 'kong', {
    ctx = { plugin = ngx.ctx },
    service = { response = { get_status = function() return ngx.status end } },
    log = { set_serialize_value = function(name, value) ngx.var[name] = value end },
  })
  require(handler):body_filter()
end
