import { test } from 'vitest'
import * as f from './fixture.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
test('x', () => {
  for (const c of [[],[f.losing],[f.loadLimited],[f.interrupted],[f.planned],[f.onlyArms('hbm-only')],[f.onlyArms('warehouse')]]) {
    const t = renderTerminal(f.reportFixture(...c), { colour: false, width: 100, reportPath: 'reports/latest/report.html' })
    console.log(t.split('\n').length + '\n' + t)
  }
  console.log(renderMarkdown(f.reportFixture()))
})
