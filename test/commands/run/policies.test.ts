import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { policies } from '../../../src/cache/policies/registry.ts'
import type { PolicySpec } from '../../../src/cache/policy.ts'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { loadOwnPolicies, policiesOf, refuseSessionPolicies } from '../../../src/commands/run/policies.ts'
import { openPoolLog } from '../../../src/commands/run/pool-log-file.ts'
import { settingsOf } from '../../../src/commands/run/settings.ts'
import { namedSettings } from '../../../src/experiment/sweep/plan-task.ts'
import type { PlanInput } from '../../../src/plan/plan-input.ts'
import { planHere, smallTask } from '../../experiment/small-task.ts'

/** A FIFO, or with parameter `late` the newest first. */
const source = `export const mine = {
  name: 'mine',
  parameters: { late: { default: 0, least: 0, most: 1 } },
  knows: ['session'],
  create(capacityBlocks, facts, { late }) {
    const slots = []
    return {
      onInsert(slot) { if (facts.session < 0) throw new Error('no session'); slots.push(slot) },
      onHit() {},
      onRemove(slot) { slots.splice(slots.indexOf(slot), 1) },
      victim(isPinned) { return (late === 1 ? slots.findLast((slot) => !isPinned(slot)) : slots.find((slot) => !isPinned(slot))) ?? -1 },
    }
  },
}
`

function ownFile(text = source): string {
  const path = join(mkdtempSync(join(tmpdir(), 'memwall-policy-')), 'mine.mjs')
  writeFileSync(path, text)
  return `./${relative('.', path)}`
}

const spec = (changes: Partial<PolicySpec>): PolicySpec => ({ ...policies[0]!, ...changes })
const namesOf = (text: string, own = new Map<string, PolicySpec>()): string[] =>
  Object.values(policiesOf(text, own)).map(({ name }) => name)

describe('--policy', () => {
  it('is one for all, or one for each memory, with parameters', () => {
    const own = new Map(['a:x=0.2', 'b'].map((name) => [name, spec({ name })]))
    expect(namesOf('lru')).toEqual(['lru', 'lru', 'lru'])
    expect(namesOf('a:x=0.2', own)).toEqual(['a:x=0.2', 'a:x=0.2', 'a:x=0.2'])
    expect(namesOf('hbm=a:x=0.2, dram=b', own)).toEqual(['a:x=0.2', 'b', 'lru'])
    expect(namesOf('b, warehouse = lru', own)).toEqual(['b', 'b', 'lru'])
  })

  it.each([
    ['hmb=lru', /^--policy: unknown memory "hmb"\. Did you mean "hbm"\?/],
    ['hbm=lur', /^--policy: unknown policy "lur"/],
    ['lru:x=1', /^--policy: "lru" has no parameter "x"/],
  ])('%s is refused', (text, expected) => {
    expect(() => policiesOf(text, new Map())).toThrow(expected)
  })

  it('that must know the future is refused, and a conversation where there are none', () => {
    const own = new Map([['own', spec({ name: 'own', knows: ['parent', 'future'] })]])
    expect(() => policiesOf('dram=own', own)).toThrow(
      /^--policy: "own" must know the future, which only a replay of a trace does\. Use memwall policies/,
    )
    const chosen = (knows: PolicySpec['knows']) => ({
      ...policiesOf('lru', new Map()),
      dram: spec({ name: 'own', knows }),
    })
    expect(() => refuseSessionPolicies(chosen(['parent', 'time', 'cost']), 'timed')).not.toThrow()
    expect(() => refuseSessionPolicies(chosen(['schedule']), 'closed')).not.toThrow()
    expect(() => refuseSessionPolicies(chosen(['session']), 'backlog')).toThrow(
      /"own" must know the conversation of each/,
    )
    expect(() => refuseSessionPolicies(chosen(['schedule']), 'timed')).toThrow(
      /must know when each conversation goes on/,
    )
  })

  it('from a file is loaded under its relative path, and crosses threads under its absolute one', async () => {
    const path = ownFile()
    const options = checkFlags({ backend: 'model', policy: `hbm=${path}:late=1`, sweep: `policy=lru;${path}` })
    const own = await loadOwnPolicies(options)
    expect([...own.keys()]).toEqual([`${path}:late=1`, path])
    const settings = settingsOf(options, own)
    expect(settings.policies.hbm.name).toBe('mine:late=1')
    const { replicas, router, admission, fetch, fetchMode, fetchPart, policies: chosen } = settings
    const tiers = { warehouseBytes: undefined, byteScale: 1, policies: chosen }
    const named = namedSettings({ replicas, router, admission, fetch, fetchMode, fetchPart, tiers })
    expect(named.tiers.policies.hbm).toMatch(/^\/.*mine\.mjs:late=1$/)
    expect(named.tiers.policies.dram).toBe('lru')
    const task = (policy: string) =>
      smallTask(
        { arms: ['hbm-only'] },
        { tiers: { ...named.tiers, policies: { hbm: policy, dram: 'lru', warehouse: 'lru' } } },
      )
    const late = await planHere(task(named.tiers.policies.hbm))
    const early = await planHere(task(named.tiers.policies.hbm.replace(':late=1', '')))
    expect(late['hbm-only']!.hitRate).not.toBe(early['hbm-only']!.hitRate)
    await expect(planHere(task('nowhere.js'))).rejects.toThrow(/^--policy: "nowhere\.js" is no file/)
  })

  it('from a file that is none is refused before any work', async () => {
    await expect(loadOwnPolicies(checkFlags({ policy: './nowhere.js' }))).rejects.toThrow(
      /"\.\/nowhere\.js" is no file/,
    )
    const broken = ownFile('export const mine = { name: "mine" }')
    await expect(loadOwnPolicies(checkFlags({ policy: broken }))).rejects.toThrow(
      /mine\.mjs create: must be a function/,
    )
  })
})

describe('--pool-log', () => {
  it('is refused where tensors run, where it cannot be written, and for pools without a limit', () => {
    expect(() => settingsOf(checkFlags({ backend: 'wasm', poolLog: 'x' }))).toThrow(
      /^--pool-log: only a plan writes one/,
    )
    expect(() => openPoolLog('/nowhere/at/all')).toThrow(/^--pool-log: cannot write "\/nowhere\/at\/all": ENOENT/)
    const log = openPoolLog(ownFile(''))
    expect(() => log.logOf({ poolBlocks: Number.POSITIVE_INFINITY } as PlanInput)).toThrow(/have no limit/)
    log.close()
  })
})
