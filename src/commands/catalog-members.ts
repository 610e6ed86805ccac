import type { Catalog, CatalogGpu, CatalogLink, CatalogModel } from '../catalog/catalog.ts'
import { kvBytesPerTokenOf } from '../catalog/formats.ts'
import { formatBytes, formatCount, formatMs, formatNumber } from '../units.ts'

/** An entry of the catalogue as `list` shows it: one line, its source, and with --json every figure, named with its unit. */
export interface CatalogMember {
  readonly name: string
  readonly summary: string
  readonly source: string
}

export const catalogFamilies: Readonly<Record<string, (catalog: Catalog) => readonly CatalogMember[]>> = {
  gpus: ({ gpus }) => gpus.map(gpuMember),
  links: ({ links }) => links.map(linkMember),
  models: ({ models }) => models.map(modelMember),
}

const whole = (value: number): string => value.toLocaleString('en-US')
const perSecond = (bytesPerMs: number): number => bytesPerMs * 1000
const rate = (bytesPerMs: number): string => `${formatBytes(perSecond(bytesPerMs))}/s`

function gpuMember({ hbm, hbmBandwidth, interconnect, ...gpu }: CatalogGpu): CatalogMember {
  const fp8 = gpu.fp8TflopsPerSecond === undefined ? 'no fp8' : `${whole(gpu.fp8TflopsPerSecond)} fp8`
  const power = gpu.boardPowerWatts === undefined ? '' : `, ${whole(gpu.boardPowerWatts)} W`
  const memory = `${formatBytes(hbm)} at ${rate(hbmBandwidth)}; ${rate(interconnect)} between GPUs`
  const figures = {
    hbmBytes: hbm,
    hbmBytesPerSecond: perSecond(hbmBandwidth),
    interconnectBytesPerSecond: perSecond(interconnect),
  }
  return { ...gpu, ...figures, summary: `${whole(gpu.bf16TflopsPerSecond)} TFLOP/s bf16, ${fp8}; ${memory}${power}` }
}

function linkMember({ readPerGpu, writePerGpu, latency, host, fabric, ...link }: CatalogLink): CatalogMember {
  const shared = host === undefined ? '' : `; ${rate(host.read)} for a host of ${host.gpus}`
  const speed = `${rate(readPerGpu)} read, ${rate(writePerGpu)} write a GPU${shared}`
  const both = (rates: { readonly read: number; readonly write: number }) => ({
    readBytesPerSecond: perSecond(rates.read),
    writeBytesPerSecond: perSecond(rates.write),
  })
  const figures = {
    perGpu: both({ read: readPerGpu, write: writePerGpu }),
    latencyMs: latency,
    host: host && { gpus: host.gpus, ...both(host) },
    fabric: fabric && both(fabric),
  }
  return { ...link, ...figures, summary: `${speed}; latency ${formatMs(latency)}` }
}

function modelMember(model: CatalogModel): CatalogMember {
  const billions = (parameters: number): string => `${formatNumber(parameters / 1e9)}e9`
  const active = model.experts === undefined ? '' : ` (${billions(model.activeParameters)} active)`
  const kvBytesPerToken = kvBytesPerTokenOf(model, 'bf16')
  const kv = `${whole(kvBytesPerToken)} KV bytes a token in bf16`
  const also = model.aliases.length === 0 ? '' : `; also ${model.aliases.join(', ')}`
  const most = `up to ${formatCount(model.maxContextTokens, 'token')}${also}`
  const summary = `${billions(model.parameters)} parameters${active}, ${model.layers} layers, ${kv}, ${most}`
  const figures = { kvBytesPerToken }
  return { ...model, ...figures, summary }
}
