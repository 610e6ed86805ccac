import type { TraceReader } from '../reader.ts'
import { azureLlm } from './azure-llm.ts'
import { bailian } from './bailian.ts'
import { burstGpt } from './burst-gpt.ts'
import { ids } from './ids.ts'
import { mooncake } from './mooncake.ts'
import { mooncakeSessions } from './mooncake-sessions.ts'
import { oracleGeneral } from './oracle-general.ts'
import { weka } from './weka.ts'

/** Every known format of traces, by name. */
export const traceReaders: readonly TraceReader[] = [
  azureLlm,
  bailian,
  burstGpt,
  ids,
  mooncake,
  mooncakeSessions,
  oracleGeneral,
  weka,
]
