import type { AdmissionSpec } from './admission.ts'

/** First come, first served. */
export const fcfs: AdmissionSpec = {
  name: 'fcfs',
  summary: 'first come, first served',
  source: 'vLLM v1, the default of its scheduler',
  next: () => 0,
}
