import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { renderClaimsHtml } from '../../src/report/claims/html.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderLabHtml } from '../../src/report/lab/html.ts'
import { svgFiles } from '../../src/report/svg/svg-files.ts'
import { claimsFixture } from '../report/claims/fixture.ts'
import { reportFixture } from '../report/fixture.ts'
import { hits, labFixture } from '../report/lab-fixture.ts'
import { complete, hostile, withParameters } from '../report/variants.ts'
import { useBrowser } from './browser.ts'

const pages: Readonly<Record<string, string>> = {
  'a run with everything': renderHtml(reportFixture(complete, withParameters)),
  'claims on trial': renderClaimsHtml(claimsFixture()),
  'eviction policies': renderLabHtml(labFixture([hits('lru', 0.1), hits('arc', 0.2), hits('belady', 0.5)])),
}

const folder = mkdtempSync(join(tmpdir(), 'memwall-svg-'))
afterAll(() => rmSync(folder, { recursive: true }))
const open = useBrowser()

/** What Chromium, which takes an SVG file only if it is well-formed XML, makes of one. */
async function opened(name: string, text: string) {
  const file = join(folder, name)
  writeFileSync(file, text)
  const { page, troubles } = await open(file)
  const drawn = await page.evaluate(() => {
    const root = document.documentElement
    const { width, height } = root.getBoundingClientRect()
    const isOutside = (text: Element): boolean => {
      const box = text.getBoundingClientRect()
      return box.width > 0 && (box.left < -1 || box.right > width + 1 || box.top < -1 || box.bottom > height + 1)
    }
    return {
      root: `${root.namespaceURI} ${root.nodeName}`,
      errors: document.querySelectorAll('parsererror').length,
      isPainted: [...root.querySelectorAll('g path, g rect, g circle, g line')].some(
        (mark) => mark.getBoundingClientRect().width > 0,
      ),
      outside: [...root.querySelectorAll('text')].filter(isOutside).map(({ textContent }) => textContent),
    }
  })
  await page.context().close()
  return { name, troubles, ...drawn }
}

describe.each(Object.entries(pages))('the SVG files of %s', (_, html) => {
  test('open by themselves, paint, and have all their text within the frame', async () => {
    const files = svgFiles(html)
    expect(files.length).toBeGreaterThan(2)
    for (const [name, text] of files) {
      expect(await opened(name, text)).toEqual({
        name,
        troubles: [],
        root: 'http://www.w3.org/2000/svg svg',
        errors: 0,
        isPainted: true,
        outside: [],
      })
    }
  })
})

test('names like markup stay names', async () => {
  for (const [name, text] of svgFiles(renderHtml(reportFixture(complete, hostile))).slice(0, 8)) {
    expect(await opened(name, text)).toMatchObject({ errors: 0, troubles: [], isPainted: true })
  }
})
