import type { HitRates } from '../../lab/hit-rates.ts'

type RateName = Exclude<keyof HitRates, 'anyBlockHits' | 'prefixHits'>

/** Every way in which a hit rate is counted, in the order of the tables. */
export const definitions: readonly { readonly key: RateName; readonly short: string; readonly meaning: string }[] = [
  {
    key: 'anyBlockHitRate',
    short: 'any block',
    meaning: 'blocks that were there when their turn came ÷ block references; what most studies of caches count',
  },
  {
    key: 'prefixHitRate',
    short: 'prefix',
    meaning:
      'blocks of a prefix without a gap that were there when the request came ÷ block references; what lies behind a gap cannot be used',
  },
  {
    key: 'anyFullBlockHitRate',
    short: 'any, full',
    meaning: 'as "any block", without the partial blocks at the ends of prompts, above and below the line',
  },
  {
    key: 'fullPrefixHitRate',
    short: 'prefix, full',
    meaning: 'as "prefix", without the partial blocks, above and below the line',
  },
  {
    key: 'anyTokenHitRate',
    short: 'any token',
    meaning: 'prompt tokens in blocks that were there ÷ prompt tokens; a partial block counts its tokens',
  },
  {
    key: 'prefixTokenHitRate',
    short: 'prefix token',
    meaning: 'prompt tokens of a prefix without a gap ÷ prompt tokens, partial blocks included',
  },
  {
    key: 'engineTokenHitRate',
    short: 'engine',
    meaning:
      'prompt tokens of a prefix without a gap in full blocks, the last token of a prompt never, ÷ prompt tokens: what a serving engine counts at first admission',
  },
  {
    key: 'perConversationHitRate',
    short: 'per conv.',
    meaning:
      'mean over conversations of prefix hits ÷ block references: a short conversation counts as much as a long one',
  },
  {
    key: 'flopsSavedShare',
    short: 'FLOPs saved',
    meaning:
      'prefill FLOPs that the engine’s hits save ÷ prefill FLOPs of all prompts: a late token costs more than an early one',
  },
]
