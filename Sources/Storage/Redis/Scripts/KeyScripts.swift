/// Signing keys: a hash a purpose, whose fields are `number algorithm moment`.
extension RedisScript {
    private static let keys = """
        local purpose, algorithm = P .. 'keys:' .. take(), take()
        local function found(fits)
          local fields = {}
          for _, field in ipairs(redis.call('HKEYS', purpose)) do
            local number, its, made = string.match(field, '^(%d+) (%S+) (%-?%d+)$')
            if its == algorithm and fits(tonumber(made), made) then fields[#fields + 1] = field end
          end
          return fields
        end

        """

    /// Arguments: purpose, algorithm, moment, bytes; the moment after which none may have been made, or nothing.
    static let addKey = RedisScript(
        .write,
        keys + """
            local made, bytes, newest = take(), take(), take()
            if #found(function(moment) return newest == '' or moment > tonumber(newest) end) > 0 then return 0 end
            local number = redis.call('INCR', P .. 'keys')
            redis.call('HSET', purpose, string.format('%d', number) .. ' ' .. algorithm .. ' ' .. made, bytes)
            return 1
            """)

    /// Arguments: purpose, algorithm, moment.
    static let removeKeys = RedisScript(
        .write,
        keys + """
            local before = tonumber(take())
            local fields = found(function(moment) return moment < before end)
            if #fields > 0 then redis.call('HDEL', purpose, unpack(fields)) end
            return #fields
            """)

    /// Arguments: purpose, algorithm, moment, bytes.
    static let replaceKey = RedisScript(
        .write,
        keys + """
            local wanted, bytes = take(), take()
            for _, field in ipairs(found(function(_, made) return made == wanted end)) do
              redis.call('HSET', purpose, field, bytes)
            end
            return 1
            """)
}
