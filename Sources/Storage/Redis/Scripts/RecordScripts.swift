/// What is done with records of any kind.
extension RedisScript {
    /// Writes new records, all or none: `created`, `exists`, `taken` or `full`.
    ///
    /// Arguments: kind, set (empty: all of the kind) and number that may not be reached, or nothing; the records.
    static let create = RedisScript(
        .write,
        """
        local kind, name, limit = take(), take(), take()
        local records = {}
        for i = 1, tonumber(take()) do records[i] = takeRecord() end
        for _, r in ipairs(records) do
          if exists(r.kind, r.id) then return 'exists' end
        end
        if limit ~= '' then
          local count = redis.call('ZCARD', name == '' and P .. kind .. '!expiry' or setKey(kind, name))
          if count >= tonumber(limit) then return 'full' end
        end
        for _, r in ipairs(records) do
          if isTaken(r) then return 'taken' end
        end
        for _, r in ipairs(records) do write(r) end
        return 'created'
        """)

    /// Writes a record whatever was there.
    static let put = RedisScript(
        .write,
        """
        write(takeRecord())
        return 1
        """)

    /// Writes a record in the place of the version before: 1, or 0 where that is not there.
    ///
    /// Arguments: 1 where the change is to be noted; the record.
    static let replace = RedisScript(
        .write,
        """
        local isNoted = take() == '1'
        local r = takeRecord()
        if r.before == '' or redis.call('HGET', recordKey(r.kind, r.id), 'v') ~= r.before then return 0 end
        if isNoted then note('keys', r.id) end
        write(r)
        return 1
        """)

    /// Deletes records; how many there were.
    ///
    /// Arguments: kind, 1 where the change is to be noted, ids.
    static let drop = RedisScript(
        .write,
        """
        local kind, isNoted = take(), take() == '1'
        local found = {}
        for _, id in ipairs(takeList()) do
          if exists(kind, id) then found[#found + 1] = id end
        end
        if isNoted and #found > 0 then note('keys', table.concat(found, ' ')) end
        for _, id in ipairs(found) do drop(kind, id) end
        return #found
        """)

    /// Records of a set, each its id and the fields that are asked for.
    ///
    /// Arguments: kind, number, fields; the choice (`RecordChoice`).
    static let select = RedisScript(
        .read,
        """
        local kind, limit, fields = take(), tonumber(take()), takeList()
        return fetch(kind, chosen(kind, limit), fields)
        """)

    /// Deletes the records of a set, and returns them as they were.
    ///
    /// Arguments: as for `select`, 1 behind the fields where the change is to be noted.
    static let dropChosen = RedisScript(
        .write,
        """
        local kind, limit, fields, isNoted = take(), tonumber(take()), takeList(), take() == '1'
        local ids = chosen(kind, limit)
        local list = fetch(kind, ids, fields)
        if isNoted and #ids > 0 then note('keys', table.concat(ids, ' ')) end
        for _, id in ipairs(ids) do drop(kind, id) end
        return list
        """)

    /// Deletes one record and returns it, or nothing.
    ///
    /// Arguments: kind, id, fields.
    static let takeOut = RedisScript(
        .write,
        """
        local kind, id, fields = take(), take(), takeList()
        if not exists(kind, id) then return false end
        local list = redis.call('HMGET', recordKey(kind, id), unpack(fields))
        drop(kind, id)
        return list
        """)

    /// Deletes what has had its time; how many.
    ///
    /// Arguments: kind, moment of expiry, moment of last use or nothing, number.
    static let sweep = RedisScript(
        .write,
        """
        local kind, expired, idle, limit = take(), take(), take(), tonumber(take())
        return sweep(kind, expired, idle, limit)
        """)
}

/// Which records of a set are meant.
struct RecordChoice: Sendable {
    var set: String
    /// They are in this set of the same kind, too.
    var also: String = ""
    /// Not those whose field has this value.
    var sparing: (field: String, value: String) = ("", "")

    var arguments: [RedisArgument] { [.text(set), .text(also), .text(sparing.field), .text(sparing.value)] }
}
