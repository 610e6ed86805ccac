// Prints the table of eviction policies for docs/policies.md. Usage: npm run build && node scripts/policies-table.mjs
import { policies } from '../dist/src/cache/policies/registry.js'
import { policyRow } from '../dist/src/commands/policy-row.js'

process.stdout.write(`${policies.map(policyRow).join('\n')}\n`)
