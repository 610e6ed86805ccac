import { formatMs } from '../../units.ts'
import type { EqualService } from '../report.ts'

type Slo = EqualService['slo']

/** "TTFT 15 s, TPOT 100 ms". */
export function sloName({ ttftMs, tpotMs }: Slo): string {
  return `TTFT ${formatMs(ttftMs)}, TPOT ${formatMs(tpotMs)}`
}

/** "TTFT within 15 s and TPOT within 100 ms (p95)". */
export function sloWords({ ttftMs, tpotMs }: Slo): string {
  return `TTFT within ${formatMs(ttftMs)} and TPOT within ${formatMs(tpotMs)} (p95)`
}
