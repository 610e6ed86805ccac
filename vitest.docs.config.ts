import { defineConfig } from 'vitest/config'

/** Every command of the docs, and the package installed elsewhere: minutes, and so apart from `npm test`. */
export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    include: ['test/docs/*.docs.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 300_000,
  },
})
