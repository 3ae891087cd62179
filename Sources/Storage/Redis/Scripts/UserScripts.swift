/// What only the provider's users need. A set of its own has their addresses in order; field `k` is the address in it.
extension RedisScript {
    private static let people = """
        local function writeUser(r)
          local before = redis.call('HGET', recordKey('user', r.id), 'k')
          write(r)
          local address = redis.call('HGET', recordKey('user', r.id), 'k')
          redis.call('ZADD', P .. 'user!addresses', 0, address)
          if before and before ~= address then redis.call('ZREM', P .. 'user!addresses', before) end
        end
        local function dropInvitations()
          for _, id in ipairs(chosen('invitation', 1000000)) do drop('invitation', id) end
        end

        """

    /// Arguments: the record; 1 and an invitation, or 0.
    static let createUser = RedisScript(
        .write,
        people + """
            local r = takeRecord()
            if exists('user', r.id) or isTaken(r) then return 0 end
            writeUser(r)
            if take() == '1' then write(takeRecord()) end
            return 1
            """)

    /// `replaced`, `outdated` or `taken`. Arguments: the record.
    static let replaceUser = RedisScript(
        .write,
        people + """
            local r = takeRecord()
            if r.before == '' or redis.call('HGET', recordKey('user', r.id), 'v') ~= r.before then return 'outdated' end
            if isTaken(r) then return 'taken' end
            writeUser(r)
            return 'replaced'
            """)

    /// Arguments: id; the choice of invitations.
    static let deleteUser = RedisScript(
        .write,
        people + """
            local id = take()
            dropInvitations()
            local address = redis.call('HGET', recordKey('user', id), 'k')
            if not drop('user', id) then return 0 end
            redis.call('ZREM', P .. 'user!addresses', address)
            return 1
            """)

    /// Users in the order of their addresses. Arguments: the address before, number, fields.
    static let userPage = RedisScript(
        .read,
        """
        local after, limit, fields = take(), take(), takeList()
        local ids = {}
        for _, address in ipairs(redis.call('ZRANGEBYLEX', P .. 'user!addresses', '(' .. after, '+', 'LIMIT', 0, limit)) do
          ids[#ids + 1] = redis.call('ZRANGE', setKey('user', 'e:' .. address), 0, 0)[1]
        end
        return fetch('user', ids, fields)
        """)

    /// Arguments: user; the choice of invitations; the record.
    static let invite = RedisScript(
        .write,
        people + """
            local user = take()
            dropInvitations()
            if exists('user', user) then write(takeRecord()) end
            return 1
            """)

    /// `accepted`, `gone` or `outdated`. Arguments: invitation; the user's record; the choice of invitations.
    static let accept = RedisScript(
        .write,
        people + """
            local invitation = take()
            local r = takeRecord()
            if not exists('invitation', invitation) then return 'gone' end
            if r.before == '' or redis.call('HGET', recordKey('user', r.id), 'v') ~= r.before then return 'outdated' end
            writeUser(r)
            dropInvitations()
            return 'accepted'
            """)
}
