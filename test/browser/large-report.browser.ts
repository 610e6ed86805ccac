import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seriousFindings } from './axe.ts'
import { useBrowser } from './browser.ts'

const open = useBrowser()
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'memwall-large-'))
  const options = ['run', '--backend', 'model', '--requests', '10000', '--seeds', '2', '--out', folder]
  const { status, stderr } = spawnSync(process.execPath, ['bin/memwall.js', ...options], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the report of 10,000 requests is under 5 MB and opens within 2 s', async () => {
  const file = join(folder, 'report.html')
  expect(statSync(file).size).toBeLessThan(5e6)
  const { page, troubles } = await open(file)
  const loadMs = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return navigation!.loadEventEnd
  })
  expect(loadMs).toBeGreaterThan(0)
  expect(loadMs).toBeLessThan(2000)
  expect(troubles).toEqual([])
  expect(await page.locator('.lanes .strip').count()).toBe(8)
  expect(await seriousFindings(page)).toEqual([])
})
