import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

/** A page as a reader has it, and what went wrong while it was open. */
export interface OpenPage {
  readonly page: Page
  /** Messages on the console, errors of scripts, and requests for anything but the page itself. */
  readonly troubles: readonly string[]
}

/** Where Debian puts it. */
const usual = '/usr/bin/chromium'

function chromiumPath(): string {
  const path = process.env.CHROMIUM_PATH ?? usual
  if (existsSync(path)) return path
  throw new Error(
    `These tests look at pages in Chromium, and there is none at ${path}. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to one.`,
  )
}

/** Starts a browser for the tests of a file, and gives a function that opens pages in it. */
export function useBrowser(): (pageOrFile: string, options?: BrowserContextOptions) => Promise<OpenPage> {
  let browser: Browser
  let folder: string
  let files = 0
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'memwall-pages-'))
    browser = await chromium.launch({ executablePath: chromiumPath() })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return async (pageOrFile, options = {}) => {
    let file = pageOrFile
    if (pageOrFile.startsWith('<!doctype')) {
      file = join(folder, `${files++}.html`)
      writeFileSync(file, pageOrFile)
    }
    const address = pathToFileURL(file).href
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options })
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('console', (message) => troubles.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
    page.on('request', (request) => {
      if (request.url() !== address) troubles.push(`request: ${request.url()}`)
    })
    await page.goto(address)
    return { page, troubles }
  }
}
