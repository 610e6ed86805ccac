import { describe, expect, it } from 'vitest'
import { arms } from '../../src/experiment/arms/registry.ts'
import { admissions } from '../../src/plan/admission/registry.ts'
import { routers } from '../../src/plan/router/registry.ts'

interface Member {
  readonly name: string
  readonly summary: string
  readonly source: string
}

const families: readonly { readonly family: string; readonly members: readonly Member[] }[] = [
  { family: 'orders of admission', members: admissions },
  { family: 'routers', members: routers },
  { family: 'arms', members: arms },
]

describe.each(families)('the registry of $family', ({ members }) => {
  it('is sorted by names that occur once', () => {
    const names = members.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1)
    expect(names).toEqual([...new Set(names)].sort())
  })

  it.each(members)('$name says what it is and where it comes from', ({ name, summary, source }) => {
    expect(name).toMatch(/^[a-z0-9]+([-+][a-z0-9]+)*$/)
    expect(summary.trim().length).toBeGreaterThan(0)
    expect(source.trim().length).toBeGreaterThan(0)
  })
})
