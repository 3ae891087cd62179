/// What only the provider's documents need: the number `client!revision`, or of whatever kind, grows with every change of one.
extension RedisScript {
    private static let revision = """
        local function changed(kind)
          redis.call('INCR', P .. kind .. '!revision')
          return 1
        end

        """

    /// The revision and all documents; nothing where it is the one that is known. Arguments: kind, that one or nothing, fields.
    static let documents = RedisScript(
        .read,
        """
        local kind, known, fields = take(), take(), takeList()
        local revision = tonumber(redis.call('GET', P .. kind .. '!revision') or 0)
        if known ~= '' and tonumber(known) == revision then return false end
        local ids = redis.call('ZRANGE', setKey(kind, 'all'), 0, -1)
        return {revision, fetch(kind, ids, fields)}
        """)

    /// Arguments: the record.
    static let createDocument = RedisScript(
        .write,
        revision + """
            local r = takeRecord()
            if exists(r.kind, r.id) then return 0 end
            write(r)
            return changed(r.kind)
            """)

    /// Arguments: the record.
    static let replaceDocument = RedisScript(
        .write,
        revision + """
            local r = takeRecord()
            if r.before == '' or redis.call('HGET', recordKey(r.kind, r.id), 'v') ~= r.before then return 0 end
            write(r)
            return changed(r.kind)
            """)

    /// Arguments: kind, id.
    static let deleteDocument = RedisScript(
        .write,
        revision + """
            local kind, id = take(), take()
            if not exists(kind, id) then return 0 end
            changed(kind)
            drop(kind, id)
            return 1
            """)
}
