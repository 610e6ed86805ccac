import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readClaim } from '../../src/claims/claim.ts'

const folder = mkdtempSync(join(tmpdir(), 'memwall-claims-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = `id: mine
who: me
where: here
when: 2026
source: none
statement: It is worth twice.
claimed: { text: 2× }
conditions: { stated: [], left-out: [load] }
metric: multiplier.warehouse.value >= 2
`

function read(text: string) {
  const path = join(folder, 'mine.yaml')
  writeFileSync(path, text)
  return readClaim(path)
}

test('a claim file is read with its defaults', () => {
  const claim = read(good)
  expect(claim).toMatchObject({ id: 'mine', when: '2026', baseline: 'hbm-only', tolerance: 0.05, require: false })
  expect(claim.metric!.text).toBe('multiplier.warehouse.value >= 2')
})

test.each([
  [good.replace('who: me', 'whom: me'), /unknown key. Did you mean "who"|who/],
  [good.replace('2\n', '2 (\n'), /no expression/],
  [good.replace('metric: multiplier.warehouse.value >= 2\n', ''), /metric: is not there/],
  [`${good}tolerance: 3\n`, /mine.yaml:10 tolerance/],
  [`${good}variants: [{ nam: x }]\n`, /variants/],
  ['id: [', /mine.yaml:1/],
  ['', /mine.yaml/],
])('what is wrong is told in one line (%#)', (text, message) => {
  let told = ''
  try {
    read(text)
  } catch (error) {
    told = (error as Error).message
  }
  expect(told).toMatch(message)
  expect(told).not.toContain('\n')
})

test('every claim of the package is sound, named like its file', () => {
  const claims = fileURLToPath(new URL('../../claims/', import.meta.url))
  const files = readdirSync(claims).filter((file) => file.endsWith('.yaml') && file !== 'prices.yaml')
  for (const file of files) {
    const claim = readClaim(join(claims, file), `claims/${file}`)
    expect(`${claim.id}.yaml`).toBe(file)
    expect(claim.conditions['left-out'].length, file).toBeGreaterThan(0)
  }
  expect(files.length).toBeGreaterThan(20)
})
