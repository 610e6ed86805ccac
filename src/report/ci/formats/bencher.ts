import type { CiFormat } from '../format.ts'
import { figureName, ownFigures } from '../named-run.ts'

interface Measure {
  readonly value: number
  readonly lower_value?: number
  readonly upper_value?: number
}

/** A benchmark is an experiment's arm, a measure a figure of it with its unit; Bencher takes measures of up to 64 characters. */
export const bencher: CiFormat = {
  name: 'bencher',
  summary: 'Bencher metric format, for "bencher run --adapter json --file"',
  source: 'https://bencher.dev/docs/reference/bencher-metric-format/',

  render(runs) {
    const benchmarks: Record<string, Record<string, Measure>> = {}
    for (const { experiment, report } of runs) {
      for (const figure of ownFigures(report)) {
        const { metric, arm } = figureName(figure)
        const benchmark = arm === '' ? experiment : `${experiment}/${arm}`
        const { unit, value, low, high } = figure
        const interval = low === null || high === null ? {} : { lower_value: low, upper_value: high }
        const measures = benchmarks[benchmark] ?? {}
        measures[unit === '' ? metric : `${metric} (${unit})`] = { value, ...interval }
        benchmarks[benchmark] = measures
      }
    }
    return [['bencher.json', `${JSON.stringify(benchmarks, undefined, 2)}\n`]]
  },
}
