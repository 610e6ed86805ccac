import { defineConfig } from 'vitest/config'

/** Pages in headless Chromium: `npm run test:browser`. They are no part of `npm test`, which needs no browser. */
export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    include: ['test/browser/**/*.browser.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
