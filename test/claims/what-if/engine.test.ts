import { expect, it } from 'vitest'
import type { Ask } from '../../../src/claims/ask.ts'
import type { Range } from '../../../src/claims/result.ts'
import { assumptionsOf } from '../../../src/claims/what-if/assumptions.ts'
import { mustBeTrue } from '../../../src/claims/what-if/must-be-true.ts'
import { type DeploymentFigures, standardParameters } from '../../../src/claims/what-if/parameters.ts'
import { tornado } from '../../../src/claims/what-if/tornado.ts'
import { triedOver } from '../../../src/claims/what-if/tried-parameters.ts'
import { adjusted } from '../../../src/experiment/adjust.ts'
import { planHere, smallClosed, smallTask } from '../../experiment/small-task.ts'

const task = smallTask()
const { deployment } = task
const figures: DeploymentFigures = {
  sessionsPerReplica: 10,
  poolBytes: deployment.poolTokens * deployment.cost.kvBytesPerToken,
  dramBytesPerGpu: deployment.dramBytes,
  contextTokens: deployment.contextTokens,
  maxContextTokens: deployment.maxContextTokens,
  linkGBPerSecond: deployment.warehouseLink.readBytesPerMs / 1e6,
  linkLatencyMs: deployment.warehouseLink.latencyMs,
  meanOutputTokens: 400,
  prefillMfu: deployment.gemmMfu!,
  hbmBandwidthShare: 0.7,
}
const standard = standardParameters(figures)

/** The warehouse's multiplier, planned by the engine. */
const ask: Ask = async ({ options, adjustments }) => {
  const sessionsPerReplica = Number(options['sessions-per-replica'] ?? figures.sessionsPerReplica)
  const arms = await planHere({
    ...task,
    deployment: adjusted(deployment, adjustments),
    load: { ...smallClosed, sessionsPerReplica },
  })
  const value = arms.warehouse!.tokensPerGpuSecond / arms['hbm-only']!.tokensPerGpuSecond
  return { value, low: value, high: value }
}

it('finds the fewest conversations that trying every number finds', async () => {
  const holds = ({ value }: Range): boolean => value >= 1.2
  const parameters = [triedOver(standard.sessionsPerReplica, 4, 16, 4)]
  const { thresholds } = await mustBeTrue({ ask, holds, parameters, refinements: 4 })
  const loads = Array.from({ length: 13 }, (_, i) => i + 4)
  const answers = await Promise.all(loads.map((load) => ask(standard.sessionsPerReplica.question(load))))
  const fewest = loads.findLast((_, i) => !holds(answers[i]!))! + 1
  expect(thresholds[0]).toMatchObject({ direction: 'atLeast', value: fewest })
})

it('moves nothing by the host DRAM of arms that have none', async () => {
  const bars = await tornado(
    ask,
    assumptionsOf(figures).filter(({ name }) => /DRAM|conversations/.test(name)),
  )
  const outputs = bars.map(({ assumption, low, high }) => [assumption, high.output - low.output] as const)
  expect(outputs[0]![0]).toBe('conversations per replica')
  expect(outputs[0]![1]).toBeGreaterThan(0.2)
  expect(outputs[1]).toEqual(['host DRAM of the baseline', 0])
})
