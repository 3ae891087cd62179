/// What only the provider's clients need: the number `client!revision` grows with every change of them.
extension RedisScript {
    private static let revision = """
        local function changed()
          redis.call('INCR', P .. 'client!revision')
          return 1
        end

        """

    /// The revision and all clients; nothing where it is the one that is known. Arguments: that one or nothing, fields.
    static let clients = RedisScript(
        .read,
        """
        local known, fields = take(), takeList()
        local revision = tonumber(redis.call('GET', P .. 'client!revision') or 0)
        if known ~= '' and tonumber(known) == revision then return false end
        local ids = redis.call('ZRANGE', setKey('client', 'all'), 0, -1)
        return {revision, fetch('client', ids, fields)}
        """)

    /// Arguments: the record.
    static let createClient = RedisScript(
        .write,
        revision + """
            local r = takeRecord()
            if exists('client', r.id) then return 0 end
            write(r)
            return changed()
            """)

    /// Arguments: the record.
    static let replaceClient = RedisScript(
        .write,
        revision + """
            local r = takeRecord()
            if r.before == '' or redis.call('HGET', recordKey('client', r.id), 'v') ~= r.before then return 0 end
            write(r)
            return changed()
            """)

    /// Arguments: the id.
    static let deleteClient = RedisScript(
        .write,
        revision + """
            local id = take()
            if not exists('client', id) then return 0 end
            changed()
            drop('client', id)
            return 1
            """)
}
