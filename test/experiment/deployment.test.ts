import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/catalog.ts'
import {
  leastTensorParallel,
  splitsOf,
  type Target,
  targetDefaults,
  targetDeployment,
} from '../../src/experiment/scale/deployment.ts'
import { plainServing } from '../../src/plan/roofline.ts'

const catalog = loadCatalog()

function target(model: string, gpu: string, changes: Partial<Target> = {}): Target {
  return {
    ...targetDefaults(),
    gpu: catalog.gpu(gpu),
    model: catalog.model(model),
    warehouseLink: catalog.link('weka-amg'),
    dramLink: catalog.link('pcie5-x16'),
    contextTokens: 100_000,
    maxContextTokens: 131_072,
    dramBytes: 256e9,
    ...changes,
  }
}

describe('a target at its own sizes', () => {
  it('is a replica of its GPUs', () => {
    const deployment = targetDeployment(target('llama-3.1-70b', 'h100-sxm', { tensorParallel: 8 }), 64)
    expect(deployment).toMatchObject({ gpusPerReplica: 8, dramBytes: 2048e9, requestOverheadMs: 20 })
    expect(deployment.poolTokens).toBe(Math.floor((8 * 72e9 - 141.2e9) / 327_680))
    expect(deployment.gemmMfu).toBeCloseTo(0.81 * 0.75, 12)
  })

  it.each([
    [
      'llama-3.1-70b',
      'h100-sxm',
      {},
      /takes 141 GB of weights, one h100-sxm has 72 GB .* Give --tp 2, --weights fp8 with --tp 1 or a larger GPU\./,
    ],
    [
      'llama-3.1-405b',
      'h100-sxm',
      { tensorParallel: 8 },
      /8 × h100-sxm have 576 GB .* Give --tp 16, --weights fp8 with --tp 8/,
    ],
    ['deepseek-v3', 'l40s', { tensorParallel: 8, weightFormat: 'int8' }, /Give --tp 16 or a larger GPU\./],
    ['deepseek-v3', 'h100-sxm', { tensorParallel: 16 }, /Give --weights fp8 with --tp 16 or a larger GPU\./],
    [
      'llama-3.1-70b',
      'b300',
      { tensorParallel: 3 },
      /--tp: llama-3\.1-70b cannot be split over 3 GPUs\. Give one of 1, 2, 4, 8, 16\./,
    ],
    ['llama-3.1-70b', 'b300', { tensorParallel: 32 }, /cannot be split over 32 GPUs/],
  ] as [string, string, Partial<Target>, RegExp][])(
    'that is %s on %s with %o is refused',
    (model, gpu, changes, expected) => {
      expect(() => targetDeployment(target(model, gpu, changes), 64)).toThrow(expected)
    },
  )

  it('needs as few GPUs as it says', () => {
    for (const model of catalog.models) {
      for (const gpu of catalog.gpus) {
        const least = leastTensorParallel(gpu, model, plainServing())
        for (const tensorParallel of splitsOf(model)) {
          const deploy = (): unknown => targetDeployment(target(model.name, gpu.name, { tensorParallel }), 64)
          if (least !== undefined && tensorParallel >= least) expect(deploy).not.toThrow()
          else expect(deploy).toThrow('of weights')
        }
      }
    }
  })
})
