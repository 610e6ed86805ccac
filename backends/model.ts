import type { BackendSpec } from '../src/gpu/backend.ts'

/** No tensors: a run ends with the plan, at the target's own sizes, on the catalogue's cost model. */
export const model: BackendSpec = {
  name: 'model',
  summary: 'plan only, at the full scale of the target, on the cost model of the catalogue',
  source: 'docs/decisions.md',
  measures: false,
  variant: () => 'no tensors',
}
