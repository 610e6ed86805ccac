import { figuresOf } from '../../figures.ts'
import type { CiFormat } from '../format.ts'
import { figureName, type NamedRun } from '../named-run.ts'
import { pointRows } from '../point-rows.ts'

const head = [
  'experiment',
  'plan',
  'parameter',
  'setting',
  'arm',
  'metric',
  'unit',
  'value',
  'low',
  'high',
  'bound',
  'kind',
  'better',
  'trust',
  'inputs',
]

type Row = readonly (string | number | null)[]

/** A figure a row, and every point of knee and sweep with its parameter and setting in columns of their own. */
export const csv: CiFormat = {
  name: 'csv',
  summary: 'all figures of all runs and every point of knee and sweep, a row each',
  source: 'https://www.rfc-editor.org/rfc/rfc4180',

  render(runs) {
    const rows = [head, ...runs.flatMap(rowsOf)]
    return [['figures.csv', rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')]]
  },
}

function rowsOf({ experiment, report }: NamedRun): Row[] {
  const points = pointRows(report)
  const plansOfPoints = new Set(points.map(({ plan }) => plan))
  const from = [report.trust, report.inputsHash]
  const own = figuresOf(report).flatMap((figure) => {
    const { metric, arm, plan } = figureName(figure)
    if (plansOfPoints.has(plan)) return []
    const { unit, value, low, high, kind, better } = figure
    return [[experiment, plan, '', '', arm, metric, unit, value, low, high, '', kind, better, ...from]]
  })
  return [
    ...own,
    ...points.map(({ plan, parameter, setting, arm, metric, unit, value, low, high, bound, better }) => [
      ...[experiment, plan, parameter, setting, arm, metric, unit, value, low, high, bound],
      ...['deterministic', better, ...from],
    ]),
  ]
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
