import { fails } from '../../history/compare/comparison.ts'
import { xml } from '../xml.ts'
import type { ComparedFigure, CompareReport, TimedFigure } from './compare-report.ts'
import { changeText, compareSentence, valueText } from './words.ts'

interface Case {
  readonly group: string
  readonly name: string
  readonly told: string
  readonly state: 'passed' | 'failed' | 'skipped'
}

/** JUnit XML: a figure is a test case. What fails the gate fails; advice and what is too noisy to tell are skipped. */
export function renderCompareJunit(report: CompareReport): string {
  const cases = [
    ...(report.timing?.figures ?? []).map(timedCase),
    ...report.comparisons.flatMap(({ experiment, figures }) => figures.map((figure) => figureCase(experiment, figure))),
  ]
  const count = (state: Case['state']): number => cases.filter((one) => one.state === state).length
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="memwall compare" ${counts}>`,
    `<testsuite name="memwall compare" ${counts} timestamp="${xml(report.createdAt.replace(/(\.\d+)?Z$/, ''))}">`,
    ...cases.map(testCase),
    `<system-out>${xml(compareSentence(report))}</system-out>`,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function timedCase({ name, verdict, changeRelative, low, high }: TimedFigure): Case {
  const state = { fine: 'passed', regression: 'failed', inconclusive: 'skipped' } as const
  const told = `${verdict}: ${changeText(changeRelative)}, 95 % interval ${changeText(low)} to ${changeText(high)}`
  return { group: 'times', name, told, state: state[verdict] }
}

function figureCase(group: string, figure: ComparedFigure): Case {
  const { name, unit, outcome, base, head, isGated } = figure
  const told = `${outcome}: ${valueText(base, unit)} → ${valueText(head, unit)}`
  const state = fails(figure) ? 'failed' : isGated || outcome === 'unchanged' ? 'passed' : 'skipped'
  return { group, name, told, state }
}

function testCase({ group, name, told, state }: Case): string {
  const head = `<testcase classname="${xml(`memwall.${group}`)}" name="${xml(name)}"`
  if (state === 'passed') return `${head}><system-out>${xml(told)}</system-out></testcase>`
  const outcome =
    state === 'failed' ? `<failure type="regression" message="${xml(told)}"/>` : `<skipped message="${xml(told)}"/>`
  return `${head}>${outcome}</testcase>`
}
