import type { TraceReader } from '../reader.ts'
import { mooncake } from './mooncake.ts'
import { weka } from './weka.ts'

/** Every known format of traces, by name. */
export const traceReaders: readonly TraceReader[] = [mooncake, weka]
