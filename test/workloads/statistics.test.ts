import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rootUrl } from '../../src/root.ts'
import { statisticsOf } from '../../src/workload/statistics.ts'
import { workloads } from '../../workloads/registry.ts'
import { drawConversations, fullScale } from './draw.ts'

const docs = readFileSync(new URL('docs/workloads.md', rootUrl), 'utf8')

/** The numbers of a row as `scripts/workload-statistics.mjs` prints it. */
function documented(name: string): number[] {
  const row = docs.split('\n').filter((line) => line.startsWith(`| ${name} |`))
  expect(row, name).toHaveLength(1)
  return [...row[0]!.slice(name.length + 4).matchAll(/[\d,]*\d(?:\.\d+)?/g)].map(([number]) =>
    Number(number.replaceAll(',', '')),
  )
}

it.each(workloads.map((workload) => ({ name: workload.name, workload })))(
  '$name looks like its row in the docs',
  ({ name, workload }) => {
    const statistics = statisticsOf(drawConversations(workload, {}, fullScale), fullScale.blockTokens)
    const [ceiling, ...rest] = documented(name)
    expect(Math.abs(statistics.ceilingHitRate - ceiling!)).toBeLessThan(0.001)
    const figures = [
      ...statistics.promptTokens,
      statistics.outputTokensP50,
      statistics.outputTokensMean,
      statistics.thinkSecondsP50!,
      ...statistics.requestsPerConversation,
    ]
    expect(figures).toHaveLength(rest.length)
    figures.forEach((figure, index) => {
      expect(Math.abs(figure - rest[index]!), `${figure} for ${rest[index]}`).toBeLessThan(0.5 + 0.01 * figure)
    })
  },
  30_000,
)
