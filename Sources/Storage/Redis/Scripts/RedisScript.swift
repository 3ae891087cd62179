import JOSE

/// A script that Redis runs as one step: all of it, with nothing of others between. Where memory or disk is full the first command
/// that adds something fails: so what adds comes before what removes.
struct RedisScript: Sendable {
    let operation: StoreMeter.Operation
    let source: String
    /// SHA-1 as hexadecimal digits: its name at the server.
    let digest: String

    init(_ operation: StoreMeter.Operation, _ body: String) {
        self.operation = operation
        source = Self.ground + body
        digest = sha1(source.utf8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What all scripts stand on.
    private static let ground = arguments + records + sets + noting

    private static let arguments = """
        local P = KEYS[1]
        local cursor = 0
        local function take()
          cursor = cursor + 1
          return ARGV[cursor]
        end
        local function takeList()
          local list = {}
          for i = 1, tonumber(take()) do list[i] = take() end
          return list
        end
        local function takeRecord()
          local r = {}
          r.kind = take()
          r.id = take()
          r.version = take()
          r.before = take()
          r.order = take()
          r.expires = take()
          r.used = take()
          r.unique = takeList()
          r.names = takeList()
          r.fields = takeList()
          return r
        end

        """

    /// A record is a hash: `v` its version, `n` the names of the sets that lead to it, and its own fields. The sets `!expiry` and
    /// `!used` of its kind say when it ends and when it was last used.
    private static let records = """
        local function recordKey(kind, id) return P .. kind .. ':' .. id end
        local function setKey(kind, name) return P .. kind .. '#' .. name end
        local function exists(kind, id) return redis.call('EXISTS', recordKey(kind, id)) == 1 end

        -- Seconds that Redis keeps what ends at a moment: a day more, so that a sweep finds it first. nil: for ever.
        local function life(expires)
          if expires == '' then return nil end
          local left = tonumber(expires) - tonumber(redis.call('TIME')[1])
          if left <= -86400 or left > 315360000 then return nil end
          return left + 86400
        end

        -- A set lives as long as the last of its members.
        local function enlist(kind, name, id, order, seconds)
          local key = setKey(kind, name)
          local left = redis.call('TTL', key)
          redis.call('ZADD', key, order, id)
          if not seconds then
            if left >= 0 then redis.call('PERSIST', key) end
          elseif left == -2 or (left >= 0 and left < seconds) then
            redis.call('EXPIRE', key, seconds)
          end
        end

        local function write(r)
          local key = recordKey(r.kind, r.id)
          local before = redis.call('HGET', key, 'n')
          local names, kept = {}, {}
          for _, list in ipairs({r.unique, r.names}) do
            for _, name in ipairs(list) do
              names[#names + 1] = name
              kept[name] = true
            end
          end
          local seconds = life(r.expires)
          redis.call('HSET', key, 'v', r.version, 'n', cmsgpack.pack(names), unpack(r.fields))
          if seconds then redis.call('EXPIRE', key, seconds) else redis.call('PERSIST', key) end
          if r.expires ~= '' then redis.call('ZADD', P .. r.kind .. '!expiry', r.expires, r.id) end
          if r.used ~= '' then redis.call('ZADD', P .. r.kind .. '!used', r.used, r.id) end
          for _, name in ipairs(names) do enlist(r.kind, name, r.id, r.order, seconds) end
          if not before then return end
          for _, name in ipairs(cmsgpack.unpack(before)) do
            if not kept[name] then redis.call('ZREM', setKey(r.kind, name), r.id) end
          end
        end

        local function drop(kind, id)
          local key = recordKey(kind, id)
          local names = redis.call('HGET', key, 'n')
          redis.call('ZREM', P .. kind .. '!expiry', id)
          redis.call('ZREM', P .. kind .. '!used', id)
          if not names then return false end
          for _, name in ipairs(cmsgpack.unpack(names)) do redis.call('ZREM', setKey(kind, name), id) end
          redis.call('DEL', key)
          return true
        end

        """

    private static let sets = """
        -- Whether another record has one of the names that only one can have.
        local function isTaken(r)
          for _, name in ipairs(r.unique) do
            local holder = redis.call('ZRANGE', setKey(r.kind, name), 0, 0)[1]
            if holder and holder ~= r.id and exists(r.kind, holder) then return true end
          end
          return false
        end

        -- The ids in a set, the newest first; those only that are in another set, too, or whose field is not a certain value.
        -- What Redis itself has let go of leaves the set.
        local function chosen(kind, limit)
          local key = setKey(kind, take())
          local other = take()
          local field = take()
          local spared = take()
          local found, start = {}, 0
          while #found < limit do
            local ids = redis.call('ZREVRANGE', key, start, start + 199)
            if #ids == 0 then break end
            for _, id in ipairs(ids) do
              if not exists(kind, id) then
                redis.call('ZREM', key, id)
              else
                start = start + 1
                local fits = (other == '' or redis.call('ZSCORE', setKey(kind, other), id))
                  and (field == '' or redis.call('HGET', recordKey(kind, id), field) ~= spared)
                if fits and #found < limit then found[#found + 1] = id end
              end
            end
          end
          return found
        end

        local function fetch(kind, ids, fields)
          local list = {}
          for i, id in ipairs(ids) do
            list[i] = {id, unpack(redis.call('HMGET', recordKey(kind, id), unpack(fields)))}
          end
          return list
        end

        -- Takes what is due out of a set of moments.
        local function forget(name, moment, limit)
          local old = redis.call('ZRANGEBYSCORE', P .. name, '-inf', moment, 'LIMIT', 0, limit)
          if #old > 0 then redis.call('ZREM', P .. name, unpack(old)) end
          return old
        end

        local function sweep(kind, expired, idle, limit)
          local count = 0
          for _, due in ipairs({{'!expiry', expired}, {'!used', idle}}) do
            if due[2] ~= '' and count < limit then
              local ids = redis.call('ZRANGEBYSCORE', P .. kind .. due[1], '-inf', due[2], 'LIMIT', 0, limit - count)
              for _, id in ipairs(ids) do drop(kind, id) end
              count = count + #ids
            end
          end
          return count
        end

        """

    /// Each entry of the stream names the one before it: whoever follows it notices when one is missing, be it that the stream was
    /// cut, or that a server took over that never had it.
    private static let noting = """
        local function note(field, value)
          local last = redis.call('GET', P .. 'changes:last') or '0-0'
          local id = redis.call('XADD', P .. 'changes', 'MAXLEN', '~', 10000, '*', field, value, 'after', last)
          redis.call('SET', P .. 'changes:last', id)
        end

        """
}
