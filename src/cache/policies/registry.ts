import type { PolicySpec } from '../policy.ts'
import { twoQ } from './2q.ts'
import { arc } from './arc.ts'
import { belady } from './belady.ts'
import { clock } from './clock.ts'
import { fifo } from './fifo.ts'
import { flopAware } from './flop-aware.ts'
import { gdsf } from './gdsf.ts'
import { hyperbolic } from './hyperbolic.ts'
import { leafLru } from './leaf-lru.ts'
import { lecar } from './lecar.ts'
import { lengthAware } from './length-aware.ts'
import { lfu } from './lfu.ts'
import { lfuAging } from './lfu-aging.ts'
import { lirs } from './lirs.ts'
import { lru } from './lru.ts'
import { lruK } from './lru-k.ts'
import { mru } from './mru.ts'
import { pgdsf } from './pgdsf.ts'
import { prefixBelady } from './prefix-belady.ts'
import { random } from './random.ts'
import { s3Fifo } from './s3-fifo.ts'
import { sieve } from './sieve.ts'
import { slru } from './slru.ts'
import { stepsToReuse } from './steps-to-reuse.ts'
import { tailFirstLru } from './tail-first-lru.ts'
import { ttlPin } from './ttl-pin.ts'
import { wTinylfu } from './w-tinylfu.ts'
import { workloadAware } from './workload-aware.ts'

/** Every eviction policy, sorted by name. */
export const policies: readonly PolicySpec[] = [
  twoQ,
  arc,
  belady,
  clock,
  fifo,
  flopAware,
  gdsf,
  hyperbolic,
  leafLru,
  lecar,
  lengthAware,
  lfu,
  lfuAging,
  lirs,
  lru,
  lruK,
  mru,
  pgdsf,
  prefixBelady,
  random,
  s3Fifo,
  sieve,
  slru,
  stepsToReuse,
  tailFirstLru,
  ttlPin,
  wTinylfu,
  workloadAware,
]
