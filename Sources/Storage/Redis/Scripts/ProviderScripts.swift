/// What only the provider needs.
extension RedisScript {
    /// Arguments: id.
    static let takeCode = RedisScript(
        .write,
        """
        local key = recordKey('code', take())
        if redis.call('HGET', key, 'u') ~= '0' then return 0 end
        redis.call('HSET', key, 'u', '1')
        return 1
        """)

    /// A session in the place of another: 0 where that has changed.
    ///
    /// Arguments: id and version of the old one, or nothing twice; the record.
    static let beginSession = RedisScript(
        .write,
        """
        local old, version = take(), take()
        local r = takeRecord()
        if old ~= '' and redis.call('HGET', recordKey('sso', old), 'v') ~= version then return 0 end
        write(r)
        if old ~= '' then drop('sso', old) end
        return 1
        """)

    /// Sessions as they are without accounts that end, the grants of these, and notices: 0 where a session has changed.
    ///
    /// Arguments: number, and for each session its id, its version, and 1 with a record or 0 where nobody is left; number, and the
    /// notices; number, and the choices of grants.
    static let endAccounts = RedisScript(
        .write,
        """
        local changed, gone = {}, {}
        for i = 1, tonumber(take()) do
          local id, version = take(), take()
          if take() == '1' then changed[#changed + 1] = takeRecord() else gone[#gone + 1] = id end
          if redis.call('HGET', recordKey('sso', id), 'v') ~= version then return 0 end
        end
        for i = 1, tonumber(take()) do write(takeRecord()) end
        for _, r in ipairs(changed) do write(r) end
        for _, id in ipairs(gone) do drop('sso', id) end
        for i = 1, tonumber(take()) do
          for _, id in ipairs(chosen('grant', 1000000)) do drop('grant', id) end
        end
        return 1
        """)

    /// Arguments: id of the consent; the choice of grants.
    static let revokeConsent = RedisScript(
        .write,
        """
        drop('consent', take())
        for _, id in ipairs(chosen('grant', 1000000)) do drop('grant', id) end
        return 1
        """)

    /// Notices that are due, which are due again at another moment. Fields: `t` how often it was sent.
    ///
    /// Arguments: now, until, number.
    static let claimNotices = RedisScript(
        .write,
        """
        local now, till, limit = take(), take(), take()
        local ids = redis.call('ZRANGEBYSCORE', P .. 'notice!used', '-inf', now, 'LIMIT', 0, limit)
        for _, id in ipairs(ids) do redis.call('ZADD', P .. 'notice!used', till, id) end
        return fetch('notice', ids, {'b', 't'})
        """)

    /// Arguments: id, moment.
    static let postponeNotice = RedisScript(
        .write,
        """
        local id, moment = take(), take()
        if not exists('notice', id) then return 0 end
        redis.call('HINCRBY', recordKey('notice', id), 't', 1)
        redis.call('ZADD', P .. 'notice!used', moment, id)
        return 1
        """)

    /// Arguments: moment, number.
    static let sweepTransients = RedisScript(
        .write,
        """
        local moment, limit = take(), tonumber(take())
        return sweep('device', moment, '', limit) + sweep('request', moment, '', limit) + #forget('taken', moment, limit)
        """)

    /// What the newest sign-in says of an owner, for all their tokens.
    ///
    /// Arguments: names, claims; the choice, which names the owner's set twice.
    static let renewTokens = RedisScript(
        .write,
        """
        local names, claims, set = takeList(), take(), take()
        for _, id in ipairs(chosen('token', 1000000)) do
          local key = recordKey('token', id)
          write({
            kind = 'token', id = id, version = redis.call('HGET', key, 'v'), used = '', unique = {}, names = names,
            order = redis.call('ZSCORE', setKey('token', set), id),
            expires = redis.call('ZSCORE', P .. 'token!expiry', id) or '', fields = {'c', claims}
          })
        end
        return 1
        """)

    /// Arguments: id, moment.
    static let touchToken = RedisScript(
        .write,
        """
        local key, moment = recordKey('token', take()), take()
        local used = redis.call('HGET', key, 'u')
        if used and (used == '' or tonumber(used) < tonumber(moment)) then redis.call('HSET', key, 'u', moment) end
        return 1
        """)
}
