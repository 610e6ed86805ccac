import type { Figure } from '../../../history/figure.ts'
import type { CiFormat } from '../format.ts'
import { type NamedRun, ownFigures } from '../named-run.ts'

/** The run's own figures that have a better side, as the two lists that github-action-benchmark takes. */
export const githubBenchmark: CiFormat = {
  name: 'github-benchmark',
  summary: 'JSON for github-action-benchmark: customBiggerIsBetter and customSmallerIsBetter',
  source: 'https://github.com/benchmark-action/github-action-benchmark',

  render(runs) {
    return [
      ['benchmark-bigger-is-better.json', list(runs, 'higher')],
      ['benchmark-smaller-is-better.json', list(runs, 'lower')],
    ]
  },
}

function list(runs: readonly NamedRun[], better: Figure['better']): string {
  const entries = runs.flatMap(({ experiment, report }) =>
    ownFigures(report)
      .filter((figure) => figure.better === better)
      .map(({ name, unit, value, low, high, kind }) => ({
        name: `${experiment}/${name}`,
        unit: unit === '' ? '1' : unit,
        value,
        ...(low === null || high === null ? {} : { range: `${low} – ${high}` }),
        extra: `${kind}, trust: ${report.trust}, inputs ${report.inputsHash}`,
      })),
  )
  return `${JSON.stringify(entries, undefined, 2)}\n`
}
