import { type Catalog, loadCatalog } from '../catalog/catalog.ts'
import { parseKvFormat, parseWeightFormat } from '../catalog/formats.ts'
import { badInput } from '../errors.ts'
import type { Target } from '../experiment/scale/deployment.ts'
import { GB, parseCount } from '../units.ts'

/** Options by which a target is named, as the command line gives them. */
export interface TargetOptions {
  readonly gpu?: string
  readonly model?: string
  readonly tp?: string
  readonly weights?: string
  readonly kv?: string
  readonly context?: string
  readonly link?: string
  readonly catalog?: string
}

export const targetDefaultNames = {
  gpu: 'b300',
  model: 'llama-3.1-70b',
  tp: '1',
  weights: 'bf16',
  kv: 'bf16',
  context: '100k',
  link: 'weka-amg',
} as const

/** Host memory of a GPU: 2 TB in a host of eight. */
const dramBytes = 256 * GB

export function targetFrom(options: TargetOptions): { readonly catalog: Catalog; readonly target: Target } {
  const catalog = loadCatalog(options.catalog)
  const named = { ...targetDefaultNames, ...options }
  const model = catalog.model(named.model)
  return {
    catalog,
    target: {
      gpu: catalog.gpu(named.gpu),
      model,
      tensorParallel: wholeNumber('--tp', named.tp),
      weightFormat: parseWeightFormat(named.weights),
      kvFormat: parseKvFormat(named.kv),
      warehouseLink: catalog.link(named.link),
      dramLink: catalog.link('pcie5-x16'),
      contextTokens: wholeNumber('--context', named.context),
      maxContextTokens: model.maxContextTokens,
      dramBytes,
      assumptions: catalog.assumptions,
    },
  }
}

function wholeNumber(flag: string, text: string): number {
  const count = parseCount(text, flag)
  if (Number.isInteger(count) && count >= 1) return count
  throw badInput(flag, `is ${text}; it must be a whole number, at least 1`, '')
}
