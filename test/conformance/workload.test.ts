import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { list } from '../../src/commands/list.ts'
import { seededRandom } from '../../src/random.ts'
import { rootUrl } from '../../src/root.ts'
import type { Conversation, ConversationWorkload, WorkloadScale } from '../../src/workload/workload.ts'
import { workloads } from '../../workloads/registry.ts'

const scales: readonly WorkloadScale[] = [
  { blockTokens: 64, tokenScale: 1, outputScale: 1 },
  { blockTokens: 512, tokenScale: 0.3, outputScale: 0.05 },
  { blockTokens: 16, tokenScale: 1 / 16, outputScale: 1 / 8 },
  { blockTokens: 7, tokenScale: 1 / 64, outputScale: 1 },
  { blockTokens: 1, tokenScale: 0.01, outputScale: 0.01 },
]

function draw(workload: ConversationWorkload, seed: number, scale: WorkloadScale, conversations = 15): Conversation[] {
  const params = workload.params.parse({ conversations })
  return [...workload.conversations(params, seededRandom(seed), scale)]
}

describe('the registry of workloads', () => {
  it('is sorted, and has each name once', () => {
    const names = workloads.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].sort())
  })

  it('is what `memwall list workloads` shows', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    try {
      list('workloads', true)
      const shown: { name: string }[] = JSON.parse(write.mock.calls.map(([text]) => String(text)).join(''))
      expect(shown).toEqual(
        expect.arrayContaining(workloads.map(({ name, summary, source }) => ({ name, summary, source }))),
      )
    } finally {
      write.mockRestore()
    }
  })
})

describe.each(workloads.map((workload) => ({ name: workload.name, workload })))('$name', ({ workload }) => {
  it('says what it is and where it comes from', () => {
    expect(workload.summary).not.toBe('')
    expect(workload.source).toContain('docs/workloads.md#')
  })

  it('is in the docs with every param, its default and its description', () => {
    const docs = readFileSync(new URL('docs/workloads.md', rootUrl), 'utf8')
    expect(docs).toContain(`\n## ${workload.name}\n`)
    for (const [name, schema] of Object.entries(z.toJSONSchema(workload.params, { io: 'input' }).properties ?? {})) {
      if (typeof schema === 'boolean') throw new Error(`${name} has no schema`)
      expect(docs).toContain(`| \`${name}\` | ${schema.default} | ${schema.description} |`)
    }
  })

  it('has defaults for all params, and refuses others', () => {
    expect(workload.params.safeParse({}).success).toBe(true)
    expect(workload.params.safeParse({ conversation: 3 }).success).toBe(false)
    expect(workload.params.safeParse({ conversations: 0 }).success).toBe(false)
  })

  it('gives the same for the same seed, and something else for another', () => {
    const scale = scales[2]!
    expect(draw(workload, 1, scale)).toEqual(draw(workload, 1, scale))
    expect(draw(workload, 1, scale)).not.toEqual(draw(workload, 2, scale))
  })

  it('has as many conversations as asked for, the first ones whatever their number', () => {
    const scale = scales[2]!
    const few = draw(workload, 1, scale, 3)
    expect(few).toHaveLength(3)
    expect(draw(workload, 1, scale, 5).slice(0, 3)).toEqual(few)
    expect(new Set(few.map(({ id }) => id)).size).toBe(3)
  })

  it('draws at full scale and writes at any: turns and think times are the same', () => {
    const shape = (scale: WorkloadScale) =>
      draw(workload, 3, scale).map(({ turns }) => turns.map(({ thinkMs, agent }) => [thinkMs, agent]))
    expect(shape(scales[2]!)).toEqual(shape(scales[0]!))
  })

  it.each(scales)('has sound lengths at $blockTokens tokens a block, scale $tokenScale', (scale) => {
    for (const { turns } of draw(workload, 4, scale)) {
      expect(turns.length).toBeGreaterThan(0)
      for (const turn of turns) {
        const { promptTokens, outputTokens, keptOutputTokens, sharedBlocks, blockHashes } = turn
        for (const tokens of [promptTokens, outputTokens]) expect(Number.isSafeInteger(tokens) && tokens > 0).toBe(true)
        expect(keptOutputTokens >= 0 && keptOutputTokens <= outputTokens).toBe(true)
        expect(blockHashes).toHaveLength(Math.ceil((promptTokens + keptOutputTokens) / scale.blockTokens))
        expect(sharedBlocks >= 0 && sharedBlocks <= blockHashes.length).toBe(true)
        expect(turn.thinkMs >= 0 && Number.isFinite(turn.thinkMs)).toBe(true)
      }
    }
  })

  it.each(scales)('chains its hashes over the prefix at $blockTokens tokens a block, scale $tokenScale', (scale) => {
    const before = new Map<number, number>()
    const owner = new Map<number, string>()
    let broken = 0
    for (const { id, turns } of draw(workload, 5, scale)) {
      for (const { blockHashes, sharedBlocks } of turns) {
        for (let i = 0; i < blockHashes.length; i++) {
          const hash = blockHashes[i]!
          const previous = i === 0 ? -1 : blockHashes[i - 1]!
          if (!Number.isSafeInteger(hash) || hash < 0) broken++
          if ((before.get(hash) ?? previous) !== previous) broken++
          before.set(hash, previous)
          if (i < sharedBlocks) continue
          if ((owner.get(hash) ?? id) !== id) broken++
          owner.set(hash, id)
        }
      }
    }
    expect(broken).toBe(0)
  })
})
