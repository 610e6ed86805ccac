import { adjustmentWords } from './adjustment-words.ts'
import type { Claim, ClaimVariant } from './claim.ts'

/** Options that a variant sets, as a condition: what must be so for it. */
const optionWords: Readonly<Record<string, (value: string) => string>> = {
  router: (name) => `with ${name} routing`,
  link: (text) => `with a link of ${text.replace(/,.*$/, '').replace(/(\d)([A-Za-z])/, '$1 $2')} a GPU`,
  dram: (size) => `with host DRAM of ${size} a GPU`,
  kv: (format) => `with KV in ${format}`,
  weights: (format) => `with weights in ${format}`,
  tp: (count) => `with ${count} GPUs a replica`,
  gpu: (name) => `on ${name}`,
  model: (name) => `with ${name}`,
  workload: (name) => `on the workload ${name}`,
  'max-context': (limit) => `with contexts of up to ${limit} tokens`,
  'share-prefix': () => 'with tools and system prompt shared by all',
  fetch: (when) => `with KV fetched ${when}`,
}

/** What must be so under a variant of a claim, in words: "with prefill 3× slower than taken"; empty for the claim as stated. */
export function conditionOf({ variants, experiment }: Claim, name: string): string {
  const variant = variants.find((one) => one.name === name)
  if (variant === undefined) return ''
  const parts = [traceWords(variant), againstWords(variant, experiment), ...optionParts(variant)]
  const told = [...parts, ...adjustmentWords(variant.adjustments ?? {})].filter((part) => part !== '')
  return told.length === 0 ? name : told.join(', ')
}

function traceWords({ trace }: ClaimVariant): string {
  return trace === undefined ? '' : `on the trace ${trace.replace(/\..*$/, '').replaceAll('_', ' ')}`
}

/** The baseline that a variant takes, with its size where the variant names one. */
function againstWords({ baseline, options }: ClaimVariant, experiment: Claim['experiment']): string {
  if (baseline === undefined) return ''
  const [name, size] = baseline.split(':')
  if (name !== 'local-dram') return `against ${baseline}`
  const own = size ?? options?.dram ?? experiment.dram ?? '256 GB'
  return `against host DRAM of ${String(own)} a GPU`
}

function optionParts({ options = {}, baseline }: ClaimVariant): string[] {
  return Object.entries(options).map(([name, value]) => {
    // The baseline says it.
    if (name === 'dram' && baseline !== undefined) return ''
    return optionWords[name]?.(String(value)) ?? ''
  })
}
