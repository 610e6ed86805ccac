import { kvFormats } from '../../catalog/formats.ts'
import { badInput } from '../../errors.ts'
import type { ArmSpec } from './arm.ts'

/** A smaller KV format: more contexts fit, fewer bytes move. */
export const compactKv: ArmSpec = {
  name: 'compact-kv',
  summary: 'a smaller KV format: more contexts fit, fewer bytes move',
  source: 'KIVI, ICML 2024; fp8 and int8 KV in vLLM; linear-attention models',
  parameter: { summary: 'fp8, int8, or a ratio', default: 'fp8' },
  plannedOnly: 'the mock computes with KV in one format',
  create(parameter, where) {
    const format = kvFormats.find((candidate) => candidate === parameter)
    if (format !== undefined) return ({ deployment }) => ({ kvRatio: deployment.kvRatios[format] })
    const kvRatio = Number(parameter)
    if (!(kvRatio > 0 && kvRatio <= 1)) {
      throw badInput(
        where,
        `"compact-kv:${parameter}" is neither a format nor a ratio`,
        'Write compact-kv:fp8, :int8 or a ratio such as :0.25.',
      )
    }
    return () => ({ kvRatio })
  },
}
