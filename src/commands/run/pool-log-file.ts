import { closeSync, openSync, writeFileSync } from 'node:fs'
import { PoolLog } from '../../cache/pool-log.ts'
import { badInput } from '../../errors.ts'
import type { PlanInput } from '../../plan/plan-input.ts'

/** Characters that are kept back before they are written. */
const batchLength = 1 << 16

/** A file for the pool log of a plan. */
export interface PoolLogFile {
  logOf(input: PlanInput): PoolLog
  close(): void
}

/** Opens the file of `--pool-log`. A plan holds the thread, so its lines are written at once and not in the background. */
export function openPoolLog(path: string): PoolLogFile {
  const file = opened(path)
  let batch = ''
  const flush = (): void => {
    writeFileSync(file, batch)
    batch = ''
  }
  const write = (line: string): void => {
    batch += line
    if (batch.length >= batchLength) flush()
  }
  return {
    logOf({ hbmPolicy, poolBlocks, replicas, pool }) {
      if (!Number.isFinite(poolBlocks)) {
        throw badInput('--pool-log', 'the pools of the first arm have no limit and evict nothing', 'Leave it out.')
      }
      return new PoolLog(hbmPolicy, { capacityBlocks: poolBlocks, replicas, blockTokens: pool.blockTokens }, write)
    },
    close() {
      flush()
      closeSync(file)
    },
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw badInput(
      '--pool-log',
      `cannot write "${path}": ${(error as NodeJS.ErrnoException).code}`,
      'Give another path.',
    )
  }
}
