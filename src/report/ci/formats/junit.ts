import { formatCount } from '../../../units.ts'
import { answerSentence } from '../../answer.ts'
import type { JunitCase } from '../../junit-document.ts'
import { junitDocument } from '../../junit-document.ts'
import { suiteSentence } from '../../suite/overview.ts'
import type { CiFormat } from '../format.ts'
import type { NamedRun } from '../named-run.ts'
import { suiteOfRuns } from '../suite-of-runs.ts'

/** What every run must prove is a test case: that answers agree, that damage would be noticed, that each control came out. */
export const junit: CiFormat = {
  name: 'junit',
  summary: 'JUnit XML: the checks of each run as test cases',
  source: 'https://github.com/testmoapp/junitxml',

  render(runs) {
    const suite = suiteOfRuns(runs)
    const told = suiteSentence(suite)
    const cases = runs.flatMap(casesOf)
    return [['junit.xml', junitDocument({ name: 'memwall', createdAt: suite.createdAt, cases, told })]]
  },
}

function casesOf(run: NamedRun): JunitCase[] {
  const { experiment: group, report, problems } = run
  const controls = report.controls.map(({ name, measured, low, high, passed }): JunitCase => {
    const told = `${measured}, expected ${low} to ${high}`
    return { group, name: `control: ${name}`, state: passed ? 'passed' : 'failed', told, type: 'control' }
  })
  const answer: JunitCase = {
    group,
    name: 'run is complete and without problems',
    state: report.partial || problems.length > 0 ? 'failed' : 'passed',
    told: answerSentence(report),
    reason: report.partial ? 'interrupted' : problems.join('; '),
    type: 'run',
  }
  return [answer, ...verificationCases(run), ...controls]
}

function verificationCases({ experiment: group, report: { verification } }: NamedRun): JunitCase[] {
  const names = { answers: 'every arm chose the same tokens and KV', mutant: 'a damaged block is noticed' }
  if (verification === null) {
    const told = 'planned: no tensors were computed'
    return Object.values(names).map((name) => ({ group, name, state: 'skipped', told }))
  }
  const { answersCompared, blocksCompared, mismatches, mutantDetected } = verification
  const compared = `${formatCount(answersCompared, 'answer')} and ${formatCount(blocksCompared, 'block')} compared, ${mismatches} differ`
  const mutant = { true: 'passed', false: 'failed', null: 'skipped' } as const
  const noticed = { true: 'noticed', false: 'not noticed', null: 'nothing was fetched that could be damaged' } as const
  return [
    { group, name: names.answers, state: mismatches === 0 ? 'passed' : 'failed', told: compared, type: 'verification' },
    {
      group,
      name: names.mutant,
      state: mutant[`${mutantDetected}`],
      told: noticed[`${mutantDetected}`],
      type: 'verification',
    },
  ]
}
