import { parseBytes } from '../../units.ts'
import type { ArmContext, ArmSpec } from './arm.ts'
import { dramTier } from './tiers.ts'

/** HBM plus host memory of each replica, not shared. */
export const localDram: ArmSpec = {
  name: 'local-dram',
  summary: 'HBM plus host memory of each replica, not shared',
  source: 'vLLM CPU offloading; 2 TB of DRAM in a host of eight GPUs',
  parameter: { summary: 'a size per GPU, such as 512GB', default: '' },
  create(parameter, where) {
    const bytesPerGpu = parameter === '' ? undefined : parseBytes(parameter, where)
    return (context) => ({ lowers: [dramTier(context, dramBytes(context, bytesPerGpu))] })
  },
}

/** Of a replica, at the deployment's scale: the run's own, or a size per GPU of the target. */
export function dramBytes({ deployment, tiers }: ArmContext, bytesPerGpu: number | undefined): number {
  if (bytesPerGpu === undefined) return deployment.dramBytes
  return bytesPerGpu * deployment.gpusPerReplica * tiers.byteScale
}
