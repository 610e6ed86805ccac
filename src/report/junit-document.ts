import { xml } from './xml.ts'

/** A test case of a JUnit file. */
export interface JunitCase {
  readonly group: string
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** What was found, in any state. */
  readonly told: string
  /** Why it failed or was skipped, where that is not what was found. */
  readonly reason?: string
  /** The kind of failure. */
  readonly type?: string
}

export interface JunitDocument {
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly seconds?: number
  readonly cases: readonly JunitCase[]
  /** What became of it all, in a sentence. */
  readonly told: string
}

/** JUnit XML, as far as all that read it agree: one suite, its cases with "failure" or "skipped", and what was found as output. */
export function junitDocument({ name, createdAt, seconds, cases, told }: JunitDocument): string {
  const count = (state: JunitCase['state']): number => cases.filter((one) => one.state === state).length
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`
  const time = seconds === undefined ? '' : ` time="${seconds.toFixed(3)}"`
  const head = `name="${xml(name)}" ${counts}${time}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${head}>`,
    `<testsuite ${head} timestamp="${xml(createdAt.replace(/(\.\d+)?Z$/, ''))}">`,
    ...cases.map(testCase),
    `<system-out>${xml(told)}</system-out>`,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase({ group, name, state, told, reason = told, type = 'failure' }: JunitCase): string {
  const outcome = {
    passed: '',
    skipped: `<skipped message="${xml(reason)}"/>\n`,
    failed: `<failure type="${xml(type)}" message="${xml(told)}">${xml(reason)}</failure>\n`,
  }[state]
  return `<testcase classname="${xml(`memwall.${group}`)}" name="${xml(name)}">
${outcome}<system-out>${xml(told)}</system-out>
</testcase>`
}
