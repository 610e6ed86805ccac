import { describe, expect, it } from 'vitest'
import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { targetBlockTokens, targetDefaults, targetDeployment } from '../../src/experiment/scale/deployment.ts'
import { pdfTemplate } from '../../workloads/pdf-template.ts'
import { ceilingOf } from '../workload/ceiling.ts'
import { commonBlocks, drawConversations, fullScale } from './draw.ts'

const template = Math.floor(4_000 / 64)
const document = Math.floor(104_000 / 64)

describe('pdf-template', () => {
  it('has contexts of which one GPU holds three or four, all within the model’s context', () => {
    const model = readModel('llama-3.1-70b')
    const { poolTokens } = targetDeployment(
      {
        ...targetDefaults(),
        gpu: readGpu('b300'),
        model,
        warehouseLink: readLink('weka-amg'),
        dramLink: readLink('pcie5-x16'),
        contextTokens: 100_000,
        maxContextTokens: model.maxContextTokens,
        dramBytes: 256e9,
      },
      targetBlockTokens,
    )
    const turns = drawConversations(pdfTemplate, {}, fullScale).flatMap((conversation) => conversation.turns)
    for (const { promptTokens, outputTokens } of turns) {
      const held = Math.floor(poolTokens / (promptTokens + outputTokens))
      expect(held === 3 || held === 4, `${held} contexts of ${promptTokens}`).toBe(true)
      expect(promptTokens + outputTokens).toBeLessThanOrEqual(model.maxContextTokens)
    }
  })

  it('shares the template with all, and the document with as many as asked for', () => {
    const conversations = drawConversations(pdfTemplate, { conversations: 12 }, fullScale)
    const first = conversations.map(({ turns }) => turns[0]!)
    for (const [i, a] of first.entries()) {
      expect(a.sharedBlocks).toBe(document)
      for (const [j, b] of first.entries()) {
        if (i === j) continue
        const isSame = Math.floor(i / 4) === Math.floor(j / 4)
        expect(commonBlocks(a.blockHashes, b.blockHashes)).toBe(isSame ? document : template)
      }
    }
  })

  it('has private documents where one conversation has each', () => {
    const params = { conversations: 6, conversationsPerDocument: 1 }
    const conversations = drawConversations(pdfTemplate, params, fullScale)
    const [a, b] = conversations.map(({ turns }) => turns[0]!)
    expect([a!.sharedBlocks, commonBlocks(a!.blockHashes, b!.blockHashes)]).toEqual([template, template])
    expect(a!.promptTokens).toBeGreaterThan(104_000)
  })

  it('misses a document once: of conversations × questions', () => {
    const { hitRatio } = ceilingOf(drawConversations(pdfTemplate, {}, fullScale), 64)
    expect(Math.abs(hitRatio - (1 - 1 / (4 * 6)))).toBeLessThan(0.01)
  })

  it('has no more conversations than documents have', () => {
    expect(drawConversations(pdfTemplate, { documents: 3 }, fullScale)).toHaveLength(12)
  })
})
