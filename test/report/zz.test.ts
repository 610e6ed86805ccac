import { test } from 'vitest'
import { writeFileSync, mkdirSync } from 'node:fs'
import * as f from './fixture.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { renderHtml } from '../../src/report/html.ts'
test('x', () => {
  mkdirSync('/tmp/page', { recursive: true })
  const cases = { winning: [], losing: [f.losing], loadLimited: [f.loadLimited], interrupted: [f.interrupted], planned: [f.planned], base: [f.onlyArms('hbm-only')], single: [f.onlyArms('warehouse')] }
  for (const [n, c] of Object.entries(cases)) {
    const t = performance.now()
    const html = renderHtml(f.reportFixture(...c))
    console.log(n, html.length, performance.now() - t)
    writeFileSync(`/tmp/page/${n}.html`, html)
  }
})
