import type { CiFormat } from './format.ts'
import { badges } from './formats/badges.ts'
import { bencher } from './formats/bencher.ts'
import { comment } from './formats/comment.ts'
import { csv } from './formats/csv.ts'
import { githubBenchmark } from './formats/github-benchmark.ts'
import { junit } from './formats/junit.ts'
import { openmetrics } from './formats/openmetrics.ts'
import { summary } from './formats/summary.ts'

/** Every format that reports are exported in, by name. */
export const ciFormats: readonly CiFormat[] = [
  badges,
  bencher,
  comment,
  csv,
  githubBenchmark,
  junit,
  openmetrics,
  summary,
]
