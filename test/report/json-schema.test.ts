import { expect, test } from 'vitest'
import { reportJsonSchema } from '../../src/report/json-schema.ts'

// Write it anew with: npx vitest run test/report/json-schema.test.ts -u
test('schema/report.schema.json is the schema of the code', async () => {
  await expect(reportJsonSchema()).toMatchFileSnapshot('../../schema/report.schema.json')
})
