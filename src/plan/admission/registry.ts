import type { AdmissionSpec } from './admission.ts'
import { fcfs } from './fcfs.ts'
import { longestPrefixFirst } from './longest-prefix-first.ts'

/** Every order of admission, sorted by name. */
export const admissions: readonly AdmissionSpec[] = [fcfs, longestPrefixFirst]
