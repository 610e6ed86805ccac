import { formatInterval, formatRatio, formatShare } from '../../../units.ts'
import { headlineMultiplier, verdictOf } from '../../headline.ts'
import { boundNote } from '../../words/ratio.ts'
import type { CiFormat } from '../format.ts'
import type { NamedRun } from '../named-run.ts'

interface Badge {
  readonly schemaVersion: 1
  readonly label: string
  readonly message: string
  readonly color: string
}

/** A badge never says more than the report: a bound is called one, and a hit rate stands beside its ceiling. */
export const badges: CiFormat = {
  name: 'badges',
  summary: 'JSON for shields.io endpoint badges: multiplier, hit rate and checks of each experiment',
  source: 'https://shields.io/badges/endpoint-badge',

  render(runs) {
    return runs.flatMap((run) =>
      Object.entries(badgesOf(run)).map(([name, badge]): [string, string] => [
        `badges/${fileName(run.experiment)}-${name}.json`,
        `${JSON.stringify(badge)}\n`,
      ]),
    )
  },
}

function badgesOf({ report, problems }: NamedRun): Record<string, Badge> {
  const headline = headlineMultiplier(report)
  const failed = problems.length > 0
  const checks = badge('memwall checks', failed ? 'failed' : 'passed', failed ? 'critical' : 'success')
  if (headline === undefined) return { checks }
  const { arm, multiplier } = headline
  const { hitRate, ceilingHitRate } = report.arms[arm]!
  const { value, low, high, bound } = multiplier
  const interval = low === null || high === null ? '' : ` (${formatInterval(low, high)})`
  const note = boundNote(bound)
  const verdict = verdictOf(multiplier)
  const colour = { gain: 'blue', loss: 'orange', none: 'lightgrey' }[verdict as string] ?? 'lightgrey'
  return {
    multiplier: badge(`GPU multiplier, ${arm}`, `${formatRatio(value)}${interval}${note && `, ${note}`}`, colour),
    'hit-rate': badge(`hit rate, ${arm}`, `${formatShare(hitRate)} of ${formatShare(ceilingHitRate)}`, 'informational'),
    checks,
  }
}

function badge(label: string, message: string, color: string): Badge {
  return { schemaVersion: 1, label, message, color }
}

/** Names of experiments that come from workloads' files may hold anything. */
function fileName(experiment: string): string {
  return experiment.replaceAll(/[^\w.-]/g, '-')
}
