import { formatFigures, formatNumber } from '../../units.ts'
import { baselineArm, inArmOrder } from '../arms.ts'
import type { EqualService, Report } from '../report.ts'
import { loadName } from '../words/load.ts'
import { sloName } from '../words/slo.ts'
import { equalServiceCell } from './readings.ts'
import { none, type ReportTable } from './report-table.ts'

/** Each arm at the highest load at which it keeps the SLO. */
export function equalServiceTable(report: Report, service: EqualService): ReportTable {
  const names = inArmOrder(Object.keys(service.arms))
  const { gpus } = report.target
  return {
    title: `Equal service, ${sloName(service.slo)} at p95`,
    head: [
      'arm',
      `highest load, ${loadName(report)}`,
      'tokens per GPU-second there',
      'multiplier',
      `GPUs of ${baselineArm} for the target’s ${gpus}`,
      'lower loads at which it does not keep it',
    ],
    rows: names.map((name) => {
      const arm = service.arms[name]!
      const equivalents = service.gpuEquivalents[name] ?? null
      return [
        name,
        arm.sessionsPerReplica === null ? 'none' : highestLoad(arm.sessionsPerReplica, arm.isHighestTried),
        arm.tokensPerGpuSecond === null ? none : formatFigures(arm.tokensPerGpuSecond),
        name === baselineArm && arm.tokensPerGpuSecond !== null ? 'the baseline' : equalServiceCell(service, name),
        equivalents === null ? none : formatNumber(equivalents),
        arm.brokenBelow.length === 0 ? 'none' : arm.brokenBelow.join(', '),
      ]
    }),
  }
}

function highestLoad(sessions: number, isHighestTried: boolean): string {
  return isHighestTried ? `${formatNumber(sessions)}, the highest tried` : formatNumber(sessions)
}
