import { fails } from '../../history/compare/comparison.ts'
import { type JunitCase, junitDocument } from '../junit-document.ts'
import type { ComparedFigure, CompareReport, TimedFigure } from './compare-report.ts'
import { changeText, compareSentence, valueText } from './words.ts'

/** JUnit XML: a figure is a test case. What fails the gate fails; advice and what is too noisy to tell are skipped. */
export function renderCompareJunit(report: CompareReport): string {
  const cases = [
    ...(report.timing?.figures ?? []).map(timedCase),
    ...report.comparisons.flatMap(({ experiment, figures }) => figures.map((figure) => figureCase(experiment, figure))),
  ]
  const { createdAt } = report
  return junitDocument({ name: 'memwall compare', createdAt, cases, told: compareSentence(report) })
}

function timedCase({ name, verdict, changeRelative, low, high }: TimedFigure): JunitCase {
  const state = { fine: 'passed', regression: 'failed', inconclusive: 'skipped' } as const
  const told = `${verdict}: ${changeText(changeRelative)}, 95 % interval ${changeText(low)} to ${changeText(high)}`
  return { group: 'times', name, told, state: state[verdict], type: 'regression' }
}

function figureCase(group: string, figure: ComparedFigure): JunitCase {
  const { name, unit, outcome, base, head, isGated } = figure
  const told = `${outcome}: ${valueText(base, unit)} → ${valueText(head, unit)}`
  const state = fails(figure) ? 'failed' : isGated || outcome === 'unchanged' ? 'passed' : 'skipped'
  return { group, name, told, state, type: 'change' }
}
