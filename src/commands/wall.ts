import type { Catalog, CatalogGpu, CatalogModel } from '../catalog/catalog.ts'
import { kvBytesPerTokenOf, sequenceKvBytes, weightBytesOf } from '../catalog/formats.ts'
import { exitCodes } from '../errors.ts'
import {
  leastTensorParallel,
  splitsOf,
  type Target,
  targetBlockTokens,
  targetDeployment,
} from '../experiment/scale/deployment.ts'
import { kvCopies, kvRoomBytes, type Serving } from '../plan/roofline.ts'
import { alignedLines } from '../report/words/terminal-text.ts'
import { formatBytes, formatCount } from '../units.ts'
import { type TargetOptions, targetFrom } from './target-options.ts'

/** The memory wall of one model on one GPU. */
interface WallRow {
  readonly model: string
  readonly gpu: string
  readonly tensorParallel: number
  readonly weightBytes: number
  readonly kvBytesPerToken: number
  readonly kvBytesPerContext: number
  /** Whole contexts. */
  readonly contextsThatFit: number
}

const mostColumns = 100

/** Prints how many contexts a GPU holds beside the weights: of the pair asked for, and of every model on every GPU. */
export function wall(options: TargetOptions, json: boolean): number {
  const { catalog, target } = targetFrom(options)
  // Refuses what cannot be split, and weights that do not fit.
  targetDeployment(target, targetBlockTokens)
  process.stdout.write(
    json ? `${JSON.stringify({ rows: allRows(catalog, target) }, undefined, 2)}\n` : shown(catalog, target),
  )
  return exitCodes.done
}

function allRows(catalog: Catalog, target: Target): WallRow[] {
  const pairs = catalog.models.flatMap((model) => catalog.gpus.map((gpu) => ({ model, gpu })))
  const others = pairs.filter(({ model, gpu }) => model !== target.model || gpu !== target.gpu)
  return [{ model: target.model, gpu: target.gpu }, ...others].map((pair) => rowOf(pair.model, pair.gpu, target))
}

function rowOf(model: CatalogModel, gpu: CatalogGpu, target: Target): WallRow {
  const { tensorParallel, weightFormat, kvFormat, contextTokens } = target
  return {
    model: model.name,
    gpu: gpu.name,
    tensorParallel,
    weightBytes: weightBytesOf(model, weightFormat),
    kvBytesPerToken: kvBytesPerTokenOf(model, kvFormat),
    kvBytesPerContext: sequenceKvBytes(model, kvFormat, contextTokens),
    contextsThatFit: splitsOf(model).includes(tensorParallel) ? Math.floor(contextsOf(model, gpu, target)) : 0,
  }
}

/** HBM less the reserve and the weights, in contexts; 0 where the weights do not fit. */
function contextsOf(model: CatalogModel, gpu: CatalogGpu, target: Target): number {
  const contextBytes = sequenceKvBytes(model, target.kvFormat, target.contextTokens)
  const copies = kvCopies(model, target.tensorParallel)
  return Math.max(0, kvRoomBytes(gpu, model, servingOf(target)) / (contextBytes * copies))
}

function shown(catalog: Catalog, target: Target): string {
  const { gpu, model, tensorParallel, weightFormat, kvFormat, contextTokens } = target
  const { weightBytes, kvBytesPerToken, kvBytesPerContext } = rowOf(model, gpu, target)
  const context = formatCount(contextTokens, 'token')
  const gpus = tensorParallel === 1 ? gpu.name : `${tensorParallel} × ${gpu.name}`
  const beyond = isBeyond(model, target) ? `, beyond the model’s ${formatCount(model.maxContextTokens, 'token')}` : ''
  const facts = alignedFacts([
    ['weights', `${formatBytes(weightBytes)} in ${weightFormat}`],
    ['HBM', `${formatBytes(gpu.hbm * tensorParallel)}, a tenth of it kept for activations and the engine`],
    ['KV per token', `${kvBytesPerToken.toLocaleString('en-US')} bytes in ${kvFormat}`],
    ['KV per context', `${formatBytes(kvBytesPerContext)} for ${context}${beyond}`],
    ['contexts that fit', oneDecimal(Math.floor(10 * contextsOf(model, gpu, target)) / 10)],
  ])
  const title = `The memory wall of ${model.name} on ${gpus}`
  const heading = `Contexts of ${context} that fit on ${tensorParallel === 1 ? 'one GPU' : `${tensorParallel} GPUs`}; “tp 4” says how many GPUs the weights need`
  const note = catalog.models.some((each) => isBeyond(each, target)) ? [`* the model takes less than ${context}`] : []
  return `${[title, ...facts, '', heading, ...table(catalog, target), ...note].join('\n')}\n`
}

/** Whether the context asked for is longer than the model's own maximum. */
function isBeyond({ maxContextTokens }: CatalogModel, { contextTokens }: Target): boolean {
  return contextTokens > maxContextTokens
}

function alignedFacts(facts: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
}

/** Models as rows, GPUs as columns, in as many blocks as the width asks for. */
function table(catalog: Catalog, target: Target): string[] {
  const block = (gpus: readonly CatalogGpu[]): string[] =>
    alignedLines([
      ['', ...gpus.map(({ name }) => name)],
      ...catalog.models.map((model) => [
        `${model.name}${isBeyond(model, target) ? ' *' : ''}`,
        ...gpus.map((gpu) => cell(model, gpu, target)),
      ]),
    ])
  const lines: string[] = []
  let rest = catalog.gpus
  while (rest.length > 0) {
    let count = rest.length
    while (count > 1 && Math.max(...block(rest.slice(0, count)).map(({ length }) => length)) > mostColumns) count--
    lines.push(...(lines.length === 0 ? [] : ['']), ...block(rest.slice(0, count)))
    rest = rest.slice(count)
  }
  return lines
}

function cell(model: CatalogModel, gpu: CatalogGpu, target: Target): string {
  if (!splitsOf(model).includes(target.tensorParallel)) return '–'
  const contexts = contextsOf(model, gpu, target)
  if (contexts > 0) return oneDecimal(contexts)
  const least = leastTensorParallel(gpu, model, servingOf(target))
  return least === undefined ? '–' : `tp ${least}`
}

function servingOf(target: Target): Serving {
  return { ...target, bound: 'default' }
}

function oneDecimal(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}
