import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { renderHtml } from '../../src/report/html.ts'
import { reportFixture } from '../report/fixture.ts'
import { complete } from '../report/variants.ts'
import { useBrowser } from './browser.ts'

const html = renderHtml(reportFixture(complete))
const open = useBrowser()
let page: Page

beforeEach(async () => {
  const opened = await open(html)
  page = opened.page
  return async () => {
    expect(opened.troubles).toEqual([])
    await page.context().close()
  }
})

/** What every strip shows of the whole, as its view box has it; each strip shows the same. */
async function shown(): Promise<{ from: number; width: number }> {
  const boxes = await page
    .locator('#happened .strip svg')
    .evaluateAll((all) => all.map((svg) => svg.getAttribute('viewBox')!.split(' ').map(Number)))
  const [from, , width] = boxes[0]!
  for (const box of boxes) expect([box[0], box[2]]).toEqual([from, width])
  return { from: from! / 10_000, width: width! / 10_000 }
}

/** Also where it says that it leads nowhere. */
const press = (name: string): Promise<void> => page.locator(`[data-zoom="${name}"]`).click({ force: true })
const ticks = (): Promise<string[]> => page.locator('#happened .time-axis').first().locator('span').allTextContents()

test('buttons zoom all charts at once, move what is shown, and show all again', async () => {
  expect(await shown()).toEqual({ from: 0, width: 1 })
  const all = await ticks()
  await press('in')
  await press('in')
  expect(await shown()).toEqual({ from: 0.375, width: 0.25 })
  expect(await ticks()).not.toEqual(all)
  expect(await page.locator('.zoom output').textContent()).toMatch(/ s to .* s$/)
  await press('later')
  expect(await shown()).toEqual({ from: 0.5, width: 0.25 })
  await press('earlier')
  await press('out')
  expect(await shown()).toEqual({ from: 0.25, width: 0.5 })
  await press('all')
  expect(await shown()).toEqual({ from: 0, width: 1 })
  expect(await ticks()).toEqual(all)
  expect(await page.locator('.zoom output').textContent()).toBe('')
})

test('what leads nowhere says so and does nothing', async () => {
  expect(await page.locator('[data-zoom="out"]').getAttribute('aria-disabled')).toBe('true')
  await press('out')
  expect(await shown()).toEqual({ from: 0, width: 1 })
  for (let i = 0; i < 14; i++) await press('in')
  expect((await shown()).width).toBeCloseTo(0.001, 9)
  expect(await page.locator('[data-zoom="in"]').getAttribute('aria-disabled')).toBe('true')
})

test('a range that is dragged is shown, and a double click shows all', async () => {
  const lane = page.locator('.lanes .strip').first()
  await lane.scrollIntoViewIfNeeded()
  const { x, y, width } = (await lane.boundingBox())!
  await page.mouse.move(x + width * 0.25, y + 8)
  await page.mouse.down()
  await page.mouse.move(x + width * 0.4, y + 8)
  await page.mouse.move(x + width * 0.75, y + 8)
  await page.mouse.up()
  const zoomed = await shown()
  expect([zoomed.from, zoomed.width]).toEqual([expect.closeTo(0.25, 2), expect.closeTo(0.5, 2)])
  await lane.dblclick()
  expect(await shown()).toEqual({ from: 0, width: 1 })
})

test('arrow keys walk a lane and from lane to lane, plus and minus zoom, Escape closes', async () => {
  const tip = page.locator('.tip')
  await page.locator('.lanes').focus()
  await page.keyboard.press('ArrowRight')
  expect(await tip.textContent()).toMatch(/^hbm-only, GPU 1, 0 s to 0\.64 s: useful prefill 20\.0 %, .*, 20 steps$/)
  await page.keyboard.press('ArrowRight')
  expect(await tip.textContent()).toContain('21 steps')
  await page.keyboard.press('ArrowDown')
  expect(await tip.textContent()).toContain('hbm-only, GPU 2')
  await page.keyboard.press('+')
  expect((await shown()).width).toBeCloseTo(0.5, 9)
  // It stays in view while it walks.
  for (let i = 0; i < 50; i++) await page.keyboard.press('ArrowRight')
  expect((await shown()).from).toBeGreaterThan(0.3)
  expect(await page.locator('.cursor').isVisible()).toBe(true)
  await page.keyboard.press('0')
  expect(await shown()).toEqual({ from: 0, width: 1 })
  await page.keyboard.press('Escape')
  expect(await tip.isVisible()).toBe(false)
})

test('a status line tells of what is pointed at: a GPU, HBM, and the memories below it', async () => {
  const tip = page.locator('.tip')
  expect(await tip.getAttribute('role')).toBe('status')
  const point = async (strip: string): Promise<string | null> => {
    const box = page.locator(strip)
    await box.scrollIntoViewIfNeeded()
    const { width } = (await box.boundingBox())!
    await box.hover({ position: { x: width * 0.2, y: 10 } })
    return tip.textContent()
  }
  expect(await point('.lanes .strip[data-arm="warehouse"] >> nth=0')).toMatch(/^warehouse, GPU 1, .*fetching$/)
  expect(await point('.pools .strip[data-arm="warehouse"]')).toMatch(/^warehouse, .* requests hold [\d.]+ %, .* cached/)
  expect(await point('.occupancy .strip')).toMatch(
    /local-dram [\d.]+ GB, warehouse [\d.]+ GB, infinite-cache [\d.]+ GB$/,
  )
})

test('by finger a tap tells, and the next one elsewhere closes', async () => {
  const { page: phone } = await open(html, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
  await phone.locator('.lanes .strip').first().tap()
  expect(await phone.locator('.tip').textContent()).toContain('hbm-only, GPU 1')
  await phone.locator('#happened h2').tap()
  expect(await phone.locator('.tip').isVisible()).toBe(false)
  await phone.context().close()
})
