import type { ConversationWorkload } from '../src/workload/workload.ts'
import { agenticCoding } from './agentic-coding.ts'

/** Every workload, by name. */
export const workloads: readonly ConversationWorkload[] = [agenticCoding]
