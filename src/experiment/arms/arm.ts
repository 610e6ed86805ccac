import type { PolicySpec } from '../../cache/policy.ts'
import { badInput, unknownName } from '../../errors.ts'
import { formatBytes } from '../../units.ts'
import type { LowerTierSpec } from '../../warehouse/lower-tier.ts'
import type { Deployment } from '../scale/deployment.ts'

/** What the user can set of the memories, at full scale. */
export interface TierOptions {
  /** Capacity of the warehouse; undefined: everything fits. */
  readonly warehouseBytes: number | undefined
  readonly policies: { readonly hbm: PolicySpec; readonly dram: PolicySpec; readonly warehouse: PolicySpec }
  /** Bytes of the deployment for one byte of the target: 1 at full scale. */
  readonly byteScale: number
}

/** What an arm is built from. */
export interface ArmContext {
  readonly deployment: Deployment
  readonly tiers: TierOptions
  readonly blockTokens: number
  readonly replicas: number
}

/** In what an arm differs from GPUs that have their HBM alone. */
export interface ArmShape {
  /** Memories below HBM, the nearest first. */
  readonly lowers: readonly LowerTierSpec[]
  /** Replicas for one of the run's, which share the same total of sessions. */
  readonly gpuFactor: number
  /** KV bytes of a token for one of the run's format. */
  readonly kvRatio: number
  readonly unlimitedHbm: boolean
  readonly peerReads: boolean
}

export const plainShape: ArmShape = {
  lowers: [],
  gpuFactor: 1,
  kvRatio: 1,
  unlimitedHbm: false,
  peerReads: false,
}

/** A configuration under test, ready to be planned. */
export interface Arm {
  /** With its parameter where one was given: "more-gpus:4". */
  readonly name: string
  /** Why it cannot run with tensors; undefined: it can. */
  readonly plannedOnly: string | undefined
  shape(context: ArmContext): ArmShape
}

/** A member of `src/experiment/arms/`. */
export interface ArmSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** What may follow the name and a colon; undefined: nothing. */
  readonly parameter?: { readonly summary: string; readonly default: string }
  /** Why it cannot run with tensors; undefined: it can. */
  readonly plannedOnly?: string
  /** @param parameter as given, or the default @param where for messages; throws badInput when the parameter makes no sense */
  create(parameter: string, where: string): (context: ArmContext) => Partial<ArmShape>
}

/** "local-dram:512 GB" → an arm. */
export function parseArm(text: string, where: string, known: readonly ArmSpec[]): Arm {
  const [name = '', ...rest] = text.split(':')
  const spec = known.find((candidate) => candidate.name === name)
  if (spec === undefined)
    throw unknownName(
      where,
      'arm',
      name,
      known.map((candidate) => candidate.name),
    )
  const given = rest.join(':').trim()
  if (rest.length > 0 && spec.parameter === undefined) {
    throw badInput(where, `"${name}" takes no parameter, not "${given}"`, `Write ${name}.`)
  }
  const shape = spec.create(given === '' ? (spec.parameter?.default ?? '') : given, where)
  return {
    name: given === '' ? name : `${name}:${given.replaceAll(' ', '')}`,
    plannedOnly: spec.plannedOnly,
    shape: (context) => ({ ...plainShape, ...shape(context) }),
  }
}

/** Whole blocks that a capacity holds. */
export function blocksOf(bytes: number, { deployment, blockTokens }: ArmContext, where: string): number {
  const blockBytes = deployment.cost.kvBytesPerToken * blockTokens
  const blocks = Math.floor(bytes / blockBytes)
  if (blocks < 1) {
    const what = `${formatBytes(bytes)} hold not one KV block of ${formatBytes(blockBytes)}`
    throw badInput(where, what, 'Give a larger capacity.')
  }
  return blocks
}
