import type { PolicySpec } from '../policy.ts'
import { twoQ } from './2q.ts'
import { arc } from './arc.ts'
import { belady } from './belady.ts'
import { clock } from './clock.ts'
import { fifo } from './fifo.ts'
import { gdsf } from './gdsf.ts'
import { hyperbolic } from './hyperbolic.ts'
import { lecar } from './lecar.ts'
import { lfu } from './lfu.ts'
import { lfuAging } from './lfu-aging.ts'
import { lirs } from './lirs.ts'
import { lru } from './lru.ts'
import { lruK } from './lru-k.ts'
import { mru } from './mru.ts'
import { random } from './random.ts'
import { s3Fifo } from './s3-fifo.ts'
import { sieve } from './sieve.ts'
import { slru } from './slru.ts'
import { wTinylfu } from './w-tinylfu.ts'

/** Every eviction policy, sorted by name. */
export const policies: readonly PolicySpec[] = [
  twoQ,
  arc,
  belady,
  clock,
  fifo,
  gdsf,
  hyperbolic,
  lecar,
  lfu,
  lfuAging,
  lirs,
  lru,
  lruK,
  mru,
  random,
  s3Fifo,
  sieve,
  slru,
  wTinylfu,
]
