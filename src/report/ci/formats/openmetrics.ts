import type { Figure } from '../../../history/figure.ts'
import { figuresOf } from '../../figures.ts'
import type { CiFormat } from '../format.ts'
import { figureName, type NamedRun } from '../named-run.ts'

interface Family {
  readonly help: string
  readonly samples: string[]
}

/**
 * A gauge for each metric, with experiment, arm and plan as labels; the ends of an interval are gauges of their own. Times are in
 * seconds, Prometheus' base unit. A push gateway takes it too: what the older format does not know are comments there.
 */
export const openmetrics: CiFormat = {
  name: 'openmetrics',
  summary: 'OpenMetrics text, for a Prometheus push gateway or a scrape',
  source: 'https://prometheus.io/docs/specs/om/open_metrics_spec/',

  render(runs) {
    const families = new Map<string, Family>()
    for (const run of runs) {
      for (const figure of figuresOf(run.report)) addFigure(families, run, figure)
    }
    const lines = [...families].flatMap(([name, { help, samples }]) => [
      `# TYPE ${name} gauge`,
      `# HELP ${name} ${help}`,
      ...samples,
    ])
    return [['metrics.txt', `${[...lines, '# EOF'].join('\n')}\n`]]
  },
}

function addFigure(families: Map<string, Family>, { experiment, report }: NamedRun, figure: Figure): void {
  const { metric, arm, plan } = figureName(figure)
  const { suffix, factor } = unitOf(figure.unit)
  const name = `memwall_${metric.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}${suffix}`
  const labels = { experiment, arm, plan, kind: figure.kind, trust: report.trust }
  const told = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}="${escaped(value)}"`)
    .join(',')
  const parts = [
    ['', figure.value, metric],
    ['_low', figure.low, `${metric}, lower end of its 95 % interval of timing`],
    ['_high', figure.high, `${metric}, upper end of its 95 % interval of timing`],
  ] as const
  for (const [end, value, help] of parts) {
    if (value === null) continue
    const family = families.get(name + end) ?? { help: escaped(help), samples: [] }
    family.samples.push(`${name}${end}{${told}} ${value * factor}`)
    families.set(name + end, family)
  }
}

function unitOf(unit: string): { readonly suffix: string; readonly factor: number } {
  if (unit === 'ms') return { suffix: '_seconds', factor: 1e-3 }
  if (unit === 's') return { suffix: '_seconds', factor: 1 }
  return { suffix: unit === '×' ? '_ratio' : '', factor: 1 }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
