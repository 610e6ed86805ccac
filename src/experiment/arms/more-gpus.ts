import { badInput } from '../../errors.ts'
import type { ArmSpec } from './arm.ts'

/** More GPUs share the same total of conversations. */
export const moreGpus: ArmSpec = {
  name: 'more-gpus',
  summary: 'more GPUs share the same total of conversations',
  source: 'the rival that every claim names: buy GPUs',
  parameter: { summary: 'how many times as many GPUs', default: '2' },
  create(parameter, where) {
    const gpuFactor = Number(parameter.replace(/[×x]$/, ''))
    if (!(gpuFactor >= 1 && gpuFactor <= 16)) {
      throw badInput(where, `"more-gpus:${parameter}" is no factor from 1 to 16`, 'Write more-gpus:1.5, :2 or :4.')
    }
    return () => ({ gpuFactor })
  },
}
