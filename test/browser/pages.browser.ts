import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { renderClaimsHtml } from '../../src/report/claims/html.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderLabHtml } from '../../src/report/lab/html.ts'
import { claimsFixture } from '../report/claims/fixture.ts'
import { reportFixture } from '../report/fixture.ts'
import { hits, labFixture } from '../report/lab-fixture.ts'
import { complete, hostile, planned, withParameters } from '../report/variants.ts'
import { seriousFindings } from './axe.ts'
import { useBrowser } from './browser.ts'

const policies = [hits('lru', 0.1), hits('arc', 0.2), hits('sieve', 0.24), hits('belady', 0.5)]
const bothSizes = [...policies, ...policies.map((one) => ({ ...one, capacityBlocks: 400 }))]

const pages: Readonly<Record<string, string>> = {
  'a planned run': renderHtml(reportFixture(complete, planned)),
  'a run with everything': renderHtml(reportFixture(complete, withParameters)),
  'a run with names like markup': renderHtml(reportFixture(complete, hostile)),
  'claims on trial': renderClaimsHtml(claimsFixture()),
  'eviction policies': renderLabHtml(labFixture(bothSizes)),
}

const open = useBrowser()

describe.each(Object.entries(pages))('the page of %s', (_, html) => {
  test.each(['light', 'dark'] as const)('opens without trouble and pleases axe, %s', async (colorScheme) => {
    const { page, troubles } = await open(html, { colorScheme })
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(20, 24, 28)' : 'rgb(255, 255, 255)')
    await unfold(page)
    expect(await seriousFindings(page)).toEqual([])
    expect(troubles).toEqual([])
    await page.context().close()
  })

  test('draws every chart', async () => {
    const { page } = await open(html)
    expect(await emptyCharts(page)).toEqual([])
    await page.context().close()
  })

  test('draws every chart without JavaScript, too, and shows no button that does nothing', async () => {
    const { page, troubles } = await open(html, { javaScriptEnabled: false })
    expect(await emptyCharts(page)).toEqual([])
    expect(await page.locator('button:visible').count()).toBe(0)
    expect(await page.locator('svg title').count()).toBeGreaterThan(0)
    expect(troubles).toEqual([])
    await page.context().close()
  })

  test('fits a phone: nothing but tables in their own box scrolls sideways', async () => {
    const { page } = await open(html, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    await unfold(page)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(360)
    expect(await emptyCharts(page)).toEqual([])
    await page.context().close()
  })

  test('prints: every section and chart is there, and nothing to press', async () => {
    const { page } = await open(html, { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll('h1, h2, section, figure, .source')]
        .filter((element) => element.closest('details') === null && element.getClientRects().length === 0)
        .map(({ outerHTML }) => outerHTML.slice(0, 80)),
    )
    expect(hidden).toEqual([])
    expect(await emptyCharts(page)).toEqual([])
    expect(await page.locator('button:visible').count()).toBe(0)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000)
    await page.context().close()
  })

  test('can be used with the keyboard: Tab reaches folds and charts, each with a focus that is seen', async () => {
    const { page } = await open(html)
    const reached: string[] = []
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement!
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
        return { tag: element.tagName.toLowerCase(), isSeen }
      })
      if (focused.tag === 'body') break
      expect(focused).toEqual({ ...focused, isSeen: true })
      reached.push(focused.tag)
    }
    const visible = (selector: string): Promise<number> => page.locator(`${selector}:visible`).count()
    expect(reached.filter((tag) => tag === 'summary')).toHaveLength(await visible('summary'))
    expect(reached.filter((tag) => tag === 'svg')).toHaveLength(await visible('svg[tabindex]'))
    expect(reached).toContain('svg')
    await page.context().close()
  })

  test('tells of its marks by pointer and by keyboard, and stops when told to', async () => {
    const { page } = await open(html)
    const chart = page.locator('svg[tabindex]:visible').first()
    const tip = page.locator('.tip')
    await chart.focus()
    await page.keyboard.press('ArrowRight')
    const first = await tip.textContent()
    expect(first).not.toBe('')
    expect(await tip.isVisible()).toBe(true)
    await page.keyboard.press('End')
    expect(await tip.textContent()).not.toBe(first)
    await page.keyboard.press('Escape')
    expect(await tip.isVisible()).toBe(false)
    await chart.locator('[data-tip]').first().hover({ force: true })
    expect(await tip.textContent()).not.toBe('')
    await page.context().close()
  })
})

describe.each(Object.entries(pages).filter(([name]) => name.includes('a run') || name.includes('planned run')))(
  'the first screen of %s',
  (_, html) => {
    test('shows the answer, its readings and where the knee begins before anything is scrolled', async () => {
      const { page } = await open(html, { viewport: { width: 1280, height: 800 } })
      const bottoms = await page.evaluate(() =>
        ['h1', '.answers', '#knee h2'].map(
          (selector) => document.querySelector(selector)!.getBoundingClientRect().bottom,
        ),
      )
      for (const bottom of bottoms) expect(bottom).toBeLessThan(800)
      await page.context().close()
    })

    test('keeps how it was measured folded, and prints it', async () => {
      const { page } = await open(html)
      const folded = page.locator('.evidence-box details dl')
      expect(await folded.isVisible()).toBe(false)
      expect(await page.locator('.evidence-box > dl').isVisible()).toBe(true)
      await page.locator('.evidence-box summary').click()
      expect(await folded.isVisible()).toBe(true)
      await page.locator('.evidence-box summary').click()
      await page.emulateMedia({ media: 'print' })
      const printed = await folded.evaluate((list) => list.getBoundingClientRect().height)
      expect(printed).toBeGreaterThan(50)
      await page.context().close()
    })
  },
)

async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true
  })
}

/** Labels of charts that are shown without a size, or without anything in them that has one. */
function emptyCharts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hasSize = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect()
      return width > 0 || height > 0
    }
    const shown = [...document.querySelectorAll('main svg')].filter(
      (svg) => svg.getClientRects().length > 0 || svg.closest('.wide, .narrow, details') === null,
    )
    if (shown.length === 0) return ['no chart at all']
    return shown
      .filter((svg) => {
        const { width, height } = svg.getBoundingClientRect()
        const marks = [...svg.querySelectorAll('path, rect, circle, line')]
        return width < 100 || height < 10 || !marks.some(hasSize)
      })
      .map((svg) => svg.getAttribute('aria-label') ?? 'a chart without a label')
  })
}
