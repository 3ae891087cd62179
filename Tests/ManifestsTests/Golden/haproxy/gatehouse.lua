-- Asks Gatehouse for HAProxy in front of Gatehouse, written by `gatehouse manifests haproxy`. Change the Gatehouse configuration and
-- write it anew rather than editing this file: its header lists must agree with what Gatehouse sends.

local check = "http://127.0.0.1:9001/haproxy"
local check_host = "127.0.0.1:9001"
-- Where that is reached, if not by its name.
local relay = nil
local secret = nil
-- What applications are told from the answer.
local taken = { "kubeflow-userid", "kubeflow-groups", "x-auth-request-email", "x-auth-request-user", "x-auth-request-groups", "x-gatehouse-assertion", "cookie", "authorization" }
-- About this connection or the body, not about the request.
local left_out = {
    ["host"] = true, ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["te"] = true,
    ["trailer"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["expect"] = true, ["upgrade"] = true,
}

local function headers_of(txn)
    local headers = { ["host"] = { check_host } }
    for name, values in pairs(txn.http:req_get_headers()) do
        if not left_out[name] then
            headers[name] = {}
            for index = 0, #values do table.insert(headers[name], values[index]) end
        elseif name == "upgrade" then
            -- A WebSocket's handshake is not sent to a login page.
            headers["x-requested-with"] = { "upgrade" }
        end
    end
    -- Nobody else's word for it.
    headers["x-gatehouse-proxy-secret"] = secret and { secret } or nil
    return headers
end

local function refuse(txn, answer)
    local reply = txn:reply()
    reply:set_status(answer.status)
    for name, values in pairs(answer.headers) do
        if not left_out[name] then
            for index = 0, #values do reply:add_header(name, values[index]) end
        end
    end
    if txn.sf:method() ~= "HEAD" then reply:set_body(answer.body) end
    txn:done(reply)
end

core.register_action("gatehouse", { "http-req" }, function(txn)
    local client = core.httpclient()
    local answer = client:get{ url = check, dst = relay, headers = headers_of(txn), timeout = 10000 }
    if answer == nil or answer.status == nil or answer.status < 200 or answer.status > 599 then return end
    if answer.status >= 300 then return refuse(txn, answer) end
    -- Each is in every answer, empty when there is nothing to say; one that is not there is no answer of Gatehouse.
    for _, name in ipairs(taken) do
        local values = answer.headers[name]
        if values == nil then return end
        txn.http:req_del_header(name)
        if values[0] ~= "" then txn.http:req_set_header(name, values[0]) end
    end
    if secret then txn:set_var("txn.gatehouse_secret", secret) end
    txn:set_var("txn.gatehouse", "passes")
end, 0)
