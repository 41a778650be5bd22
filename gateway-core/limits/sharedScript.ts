// What Redis runs: the same decision as gcra.ts, for all policies of a stage at once, on Redis's own clock.
import { createHash } from 'node:crypto';

/**
 * KEYS: a key a policy. ARGV: `take` or `look`, then increment and capacity of each policy in µs. Answers whether all
 * admit (1 or 0), the time of Redis in µs, and the tat of each key as it was found. Only when all admit and it is asked
 * to take is anything written, so that a policy that refuses costs the others nothing; a key goes when it owes nothing.
 * Times fit a double exactly until the year 2255; `%.0f` keeps Lua from writing them as 1.7e+15. One call on several
 * keys: Redis Cluster would need them in one slot, and is not supported.
 */
const TEXT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer, after = {1, now}, {}
for i, key in ipairs(KEYS) do
  local increment, capacity = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local tat = tonumber(redis.call('GET', key) or now) or now
  answer[i + 2] = math.min(math.max(tat, now), now + capacity)
  after[i] = answer[i + 2] + increment
  if after[i] > now + capacity then answer[1] = 0 end
end
if answer[1] == 1 and ARGV[1] == 'take' then
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000))
  end
end
return answer
`;

export const sharedScript = { text: TEXT, sha: createHash('sha1').update(TEXT).digest('hex') };
