import { expect, it } from 'vitest'
import { cutConversations } from '../../src/workload/cut.ts'
import { workloads } from '../../workloads/registry.ts'
import { drawConversations } from './draw.ts'

const scale = { blockTokens: 4_096, tokenScale: 1, outputScale: 1 }
/** Of Llama-3.1-70B. */
const maxContextTokens = 131_072

// `agentic-coding` is as long as what was published of it, and loses what WEKA's traces lose.
it.each(workloads.filter(({ name }) => name !== 'agentic-coding'))(
  '$name loses no conversation to the model’s context, and hardly a request',
  (workload) => {
    const conversations = drawConversations(workload, {}, scale)
    const { cut } = cutConversations(conversations, maxContextTokens)
    expect(cut.conversationsDropped).toBe(0)
    expect(cut.requests / conversations.flatMap(({ turns }) => turns).length).toBeLessThan(0.005)
  },
)
