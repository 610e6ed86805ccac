import { figuresOf } from '../../figures.ts'
import type { CiFormat } from '../format.ts'
import { figureName } from '../named-run.ts'

const head = [
  'experiment',
  'plan',
  'arm',
  'metric',
  'unit',
  'value',
  'low',
  'high',
  'kind',
  'better',
  'trust',
  'inputs',
]

/** Every figure, those of knee and sweep included, a row each. */
export const csv: CiFormat = {
  name: 'csv',
  summary: 'all figures of all runs, a row each',
  source: 'https://www.rfc-editor.org/rfc/rfc4180',

  render(runs) {
    const rows = runs.flatMap(({ experiment, report }) =>
      figuresOf(report).map((figure) => {
        const { metric, arm, plan } = figureName(figure)
        const { unit, value, low, high, kind, better } = figure
        return [experiment, plan, arm, metric, unit, value, low, high, kind, better, report.trust, report.inputsHash]
      }),
    )
    return [['figures.csv', [head, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')]]
  },
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
