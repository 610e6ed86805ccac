import { armPhrase } from '../../arms.ts'

/** An arm by its name in words; other baselines as they are told. */
export function baselineName(baseline: string): string {
  return /^[a-z]+[a-z+-]*(?::[\w.]+)?$/.test(baseline) ? armPhrase(baseline) : baseline
}
