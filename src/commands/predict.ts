import { readPoints } from '../catalog/points.ts'
import { badInput, exitCodes } from '../errors.ts'
import { type BreakEven, breakEvenOf } from '../experiment/break-even.ts'
import { type Estimate, fullBlockTokens, predictTtft, type TtftPrediction } from '../experiment/prediction.ts'
import { type Deployment, type Target, targetBlockTokens, targetDeployment } from '../experiment/scale/deployment.ts'
import { type MeasuredCost, measuredCost, withMeasuredCost } from '../experiment/scale/measured-points.ts'
import { mfuOf } from '../plan/roofline.ts'
import { alignedLines, wrap } from '../report/words/terminal-text.ts'
import { formatCount, formatMs, formatNumber, formatShare } from '../units.ts'
import { type TargetOptions, targetFrom } from './target-options.ts'

/** Prints TTFT of one context on an idle replica: from HBM, fetched, and computed again. */
export function predict(options: TargetOptions & { readonly points?: string }, json: boolean): number {
  const { target } = targetFrom(options)
  const catalogued = targetDeployment(target, targetBlockTokens)
  refuseLongContext(target, catalogued)
  const points = options.points === undefined ? undefined : readPoints(options.points)
  const adapt = (deployment: Deployment): Deployment =>
    points === undefined ? deployment : withMeasuredCost(deployment, measuredCost(deployment.cost, points))
  const deployment = adapt(catalogued)
  const measured = points && { points: points.length, ...measuredCost(catalogued.cost, points) }
  const ttft = predictTtft(target, adapt)
  const breakEven = breakEvenOf(deployment, deployment.warehouseLink)
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...ttft, breakEven, measured }, undefined, 2)}\n`
      : `${[...shown(target, deployment, ttft, breakEven), '', ...wrap(basisWords(target, measured))].join('\n')}\n`,
  )
  return exitCodes.done
}

function refuseLongContext({ contextTokens }: Target, { poolTokens }: Deployment): void {
  if (contextTokens <= poolTokens) return
  const room = formatCount(poolTokens, 'token')
  throw badInput(
    '--context',
    `${formatCount(contextTokens, 'token')} do not fit, there is HBM for ${room}`,
    'Give a shorter context, a larger --tp or GPU, or --kv fp8.',
  )
}

function shown(target: Target, deployment: Deployment, ttft: TtftPrediction, breakEven: BreakEven): string[] {
  const { gpu, model, tensorParallel, contextTokens, warehouseLink: link } = target
  const gpus = tensorParallel === 1 ? gpu.name : `${tensorParallel} × ${gpu.name}`
  const line = (name: string, { value, low, high }: Estimate): string[] => [
    `  ${name}`,
    formatMs(value),
    `${formatMs(low)} – ${formatMs(high)}`,
  ]
  const hit = formatCount(fullBlockTokens(contextTokens), 'token')
  return [
    `TTFT of ${formatCount(contextTokens, 'token')} of ${model.name} on ${gpus}, nothing else running`,
    ...alignedLines([line('in HBM', ttft.hbmHit), line('fetched', ttft.fetch), line('recomputed', ttft.recompute)]),
    `  of which ${formatMs(deployment.requestOverheadMs)} pass before the first step. In HBM, or fetched over ${link.name}: ${hit}.`,
    '',
    ...wrap(breakEvenWords(target, deployment, breakEven)),
  ]
}

function breakEvenWords(
  target: Target,
  deployment: Deployment,
  { contextTokens, bandwidthBytesPerMs, mfu }: BreakEven,
): string {
  const context = formatCount(target.contextTokens, 'token')
  const length =
    contextTokens === 'always'
      ? 'A fetch is faster at any length.'
      : contextTokens === 'never'
        ? 'A fetch is slower at any length.'
        : `A fetch is faster from ${formatCount(Math.ceil(contextTokens), 'token')} on${contextTokens > target.maxContextTokens ? ', more than the model takes' : ''}.`
  const rate =
    bandwidthBytesPerMs === 'never'
      ? `For ${context} the latency alone takes longer than computing.`
      : `For ${context} it needs ${formatNumber(bandwidthBytesPerMs / 1e6)} GB/s a replica (this link: ${formatNumber(deployment.warehouseLink.readBytesPerMs / 1e6)})`
  const speed =
    mfu === undefined || bandwidthBytesPerMs === 'never'
      ? '.'
      : mfu === 'always' || mfu > 1
        ? ', and no GPU of this peak would be fast enough to beat it.'
        : `, and a GPU at more than ${formatShare(mfu)} of its peak would compute faster.`
  return `Break-even: ${length} ${rate}${bandwidthBytesPerMs === 'never' ? '' : speed}`
}

function basisWords(target: Target, measured: (MeasuredCost & { readonly points: number }) | undefined): string {
  if (measured === undefined) return assumedWords(target)
  const { points, fitErrorRelative, hostReadBytesPerMs } = measured
  const fit =
    fitErrorRelative === undefined ? '' : `, which the fitted rates miss by ${formatShare(fitErrorRelative)} (median)`
  const copies =
    hostReadBytesPerMs === undefined
      ? ''
      : ` Copies from host memory reached ${formatNumber(hostReadBytesPerMs / 1e6)} GB/s a GPU: --link takes that as a rate.`
  return `Measured: ${formatCount(points, 'point')}${fit}; the rest is assumed as without them.${copies}`
}

function assumedWords(target: Target): string {
  const mfu = mfuOf(target.gpu, { ...target, bound: 'default' })
  const { weightFormat, kvFormat, model, contextTokens, assumptions } = target
  const beyond =
    contextTokens > model.maxContextTokens
      ? ` The model’s own limit is ${formatCount(model.maxContextTokens, 'token')}.`
      : ''
  return (
    `Assumed: weights in ${weightFormat}, KV in ${kvFormat}; matrix products at ${formatShare(mfu.gemm)} of the peak, ` +
    `attention at ${formatShare(mfu.attention)} of the bf16 peak, ${formatShare(assumptions.hbmBandwidthShare.value)} of HBM ` +
    `bandwidth, ${formatMs(assumptions.stepOverheadMs.value)} a step, chunks of 8,192 tokens, and the link’s latency. ` +
    `The ranges are those of catalog/assumptions.yaml.${beyond}`
  )
}
