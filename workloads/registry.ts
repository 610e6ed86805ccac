import type { ConversationWorkload } from '../src/workload/workload.ts'
import { agentSwarm } from './agent-swarm.ts'
import { agenticCoding } from './agentic-coding.ts'
import { chat } from './chat.ts'
import { pdfTemplate } from './pdf-template.ts'
import { rag } from './rag.ts'
import { taxFiling } from './tax-filing.ts'

/** Every workload, by name. */
export const workloads: readonly ConversationWorkload[] = [agentSwarm, agenticCoding, chat, pdfTemplate, rag, taxFiling]
