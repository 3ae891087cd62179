/// What only the auth service's sessions need. Fields: `u` when it was last used, `c` until when somebody renews its tokens.
extension RedisScript {
    /// Arguments: number, and for each the id and the moment.
    static let touchSessions = RedisScript(
        .write,
        """
        for i = 1, tonumber(take()) do
          local id, moment = take(), take()
          local used = redis.call('HGET', recordKey('session', id), 'u')
          if used and tonumber(used) < tonumber(moment) then
            redis.call('HSET', recordKey('session', id), 'u', moment)
            redis.call('ZADD', P .. 'session!used', moment, id)
          end
        end
        return 1
        """)

    /// Arguments: id, version, now, until.
    static let claimRefresh = RedisScript(
        .write,
        """
        local key, version, now, till = recordKey('session', take()), take(), take(), take()
        if redis.call('HGET', key, 'v') ~= version then return 0 end
        local claimed = redis.call('HGET', key, 'c')
        if claimed and claimed ~= '' and tonumber(claimed) > tonumber(now) then return 0 end
        redis.call('HINCRBY', key, 'v', 1)
        redis.call('HSET', key, 'c', till)
        return 1
        """)

    /// What has changed since an entry of the stream: the newest entry, whether all between is there, the entries, and the time.
    ///
    /// Arguments: the entry, or nothing to ask for the newest alone; how many.
    static let changes = RedisScript(
        .read,
        """
        local position, limit = take(), take()
        local last = redis.call('GET', P .. 'changes:last') or '0-0'
        local now = redis.call('TIME')[1]
        if position == '' or position == last then return {last, 1, {}, now} end
        local entries = redis.call('XRANGE', P .. 'changes', '(' .. position, '+', 'COUNT', limit)
        if #entries == 0 or entries[1][2][4] ~= position then return {last, 0, {}, now} end
        return {last, 1, entries, now}
        """)

    /// Arguments: digest, until when it is remembered; 1 and an ending, or 0; fields, the choice.
    static let signOut = RedisScript(
        .write,
        endings + """
            local digest, till = take(), take()
            if redis.call('ZADD', P .. 'sign-outs', 'NX', till, digest) == 0 then return false end
            if take() == '1' then remember() end
            local fields = takeList()
            local ids = chosen('session', 1000000)
            local list = fetch('session', ids, fields)
            if #ids > 0 then note('keys', table.concat(ids, ' ')) end
            for _, id in ipairs(ids) do drop('session', id) end
            return list
            """)

    /// Arguments: id, until.
    static let revoke = RedisScript(
        .write,
        """
        local id, till = take(), take()
        redis.call('ZADD', P .. 'revoked', till, id)
        note('keys', id)
        return 1
        """)

    /// Arguments: digest of the marks, end, until, marks.
    static let remember = RedisScript(
        .write,
        endings + """
            remember()
            return 1
            """)

    /// Arguments: beginning, digests of marks.
    static let beginning = RedisScript(
        .write,
        endings + """
            local begun = take()
            local last = lastEnding(begun, takeList())
            if not last then return tonumber(begun) end
            local latest = redis.call('GET', P .. 'latest-beginning')
            if not latest or tonumber(latest) < last + 1 then redis.call('SET', P .. 'latest-beginning', last + 1) end
            return last + 1
            """)

    /// Arguments: id, beginning, digests of marks.
    static let hasEnded = RedisScript(
        .read,
        endings + """
            local id, begun = take(), take()
            if redis.call('ZSCORE', P .. 'revoked', id) then return 1 end
            return lastEnding(begun, takeList()) and 1 or 0
            """)

    /// Arguments: id, version, now, until.
    static let claimCookieRefresh = RedisScript(
        .write,
        """
        local id, version, now, till = take(), take(), take(), take()
        local claimed = redis.call('HGET', P .. 'renewals', id)
        local claimedUntil = redis.call('ZSCORE', P .. 'renewals:until', id)
        if claimed and claimedUntil and tonumber(claimed) >= tonumber(version) and tonumber(claimedUntil) > tonumber(now) then
          return 0
        end
        redis.call('HSET', P .. 'renewals', id, version)
        redis.call('ZADD', P .. 'renewals:until', till, id)
        return 1
        """)

    /// Arguments: moment of expiry, moment of last use, number.
    static let sweepSessions = RedisScript(
        .write,
        """
        local expired, idle, limit = take(), take(), tonumber(take())
        local count = sweep('session', expired, idle, limit) + #forget('revoked', expired, limit)
        forget('sign-outs', expired, limit)
        local renewals = forget('renewals:until', expired, limit)
        if #renewals > 0 then redis.call('HDEL', P .. 'renewals', unpack(renewals)) end
        local ended = forget('ended:until', expired, limit)
        if #ended > 0 then redis.call('ZREM', P .. 'ended:at', unpack(ended)) end
        return count + #ended
        """)

    /// Of sessions that cookies hold.
    private static let endings = """
        local function remember()
          local digest, at, till, marks = take(), take(), take(), take()
          local latest = redis.call('GET', P .. 'latest-beginning')
          if latest and tonumber(latest) > tonumber(at) then at = latest end
          redis.call('ZADD', P .. 'ended:at', 'GT', at, digest)
          redis.call('ZADD', P .. 'ended:until', 'GT', till, digest)
          note('ending', marks)
        end
        local function lastEnding(begun, digests)
          local last
          for _, digest in ipairs(digests) do
            local at = tonumber(redis.call('ZSCORE', P .. 'ended:at', digest) or '')
            if at and at >= tonumber(begun) and (not last or at > last) then last = at end
          end
          return last
        end

        """
}
