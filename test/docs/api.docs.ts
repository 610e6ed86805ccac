import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const script = new URL('../../scripts/api-docs.mjs', import.meta.url).href

test('docs/api.md is made from the comments as they are', async () => {
  const { apiDocs } = (await import(script)) as { apiDocs: () => string }
  expect(readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')).toBe(apiDocs())
})
