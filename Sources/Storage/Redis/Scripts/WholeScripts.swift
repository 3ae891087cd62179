/// What is done with all records of a kind.
extension RedisScript {
    /// Records, each its id, its fields, and when it was used or is due.
    ///
    /// Arguments: kind, fields, ids.
    static let dump = RedisScript(
        .read,
        """
        local kind, fields = take(), takeList()
        local list = fetch(kind, takeList(), fields)
        for _, entry in ipairs(list) do entry[#fields + 2] = redis.call('ZSCORE', P .. kind .. '!used', entry[1]) end
        return list
        """)

    /// Writes records whatever was there. Arguments: the kind whose revision grows by that, or nothing; number, records.
    static let restore = RedisScript(
        .write,
        """
        local revised = take()
        for i = 1, tonumber(take()) do
          local r = takeRecord()
          write(r)
          if r.kind == 'user' then redis.call('ZADD', P .. 'user!addresses', 0, redis.call('HGET', recordKey('user', r.id), 'k')) end
        end
        if revised ~= '' then redis.call('INCR', P .. revised .. '!revision') end
        return 1
        """)

    /// How many records are not in all sets that lead to them. Arguments: kind, ids.
    static let verify = RedisScript(
        .read,
        """
        local kind, lost = take(), 0
        local function isWhole(id)
          local key = recordKey(kind, id)
          local isRead, names = pcall(cmsgpack.unpack, redis.call('HGET', key, 'n') or '')
          if not isRead or type(names) ~= 'table' then return false end
          for _, name in ipairs(names) do
            if not redis.call('ZSCORE', setKey(kind, name), id) then return false end
          end
          return kind ~= 'user' or redis.call('ZSCORE', P .. 'user!addresses', redis.call('HGET', key, 'k') or '')
        end
        for _, id in ipairs(takeList()) do
          if exists(kind, id) and not isWhole(id) then lost = lost + 1 end
        end
        return lost
        """)
}
