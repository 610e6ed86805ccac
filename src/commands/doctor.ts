import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { enableRelaxedSimd } from '../../backends/wasm/relaxed.ts'
import { exitCodes } from '../errors.ts'
import { GiB } from '../units.ts'

interface Finding {
  readonly what: string
  readonly found: string
  readonly ok: boolean
  readonly advice: string
}

/** A module that is valid only where 128-bit SIMD is: a function that makes a vector and drops it. */
const simdModule = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 0x41, 0, 0xfd, 0x0f, 0x1a, 0x0b,
])

/** Says whether this machine can run memwall, and what it would miss. */
export function doctor(json: boolean): number {
  const findings = look()
  if (json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else {
    for (const { what, found, ok, advice } of findings) {
      process.stdout.write(`${ok ? 'ok  ' : 'look'}  ${what.padEnd(16)} ${found}${ok ? '' : `. ${advice}`}\n`)
    }
  }
  return findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed
}

function look(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const cores = availableParallelism()
  const freeGiB = freemem() / GiB
  const hasSimd = WebAssembly.validate(simdModule)
  return [
    {
      what: 'Node',
      found: process.versions.node,
      ok: major > 20 || (major === 20 && minor >= 19),
      advice: 'memwall needs 20.19 or newer',
    },
    {
      what: 'cores',
      found: `${cores} (${cpus()[0]?.model.trim() ?? 'unknown'})`,
      ok: cores >= 2,
      advice: 'With one core a run takes twice as long',
    },
    {
      what: 'SIMD',
      found: hasSimd ? 'yes' : 'no',
      ok: hasSimd,
      advice: 'Only the backends "reference" and "model" can run',
    },
    relaxedFinding(),
    {
      what: 'shared memory',
      found: sharedMemoryWorks() ? 'yes' : 'no',
      ok: sharedMemoryWorks(),
      advice: 'Mock GPUs need shared WebAssembly memory',
    },
    {
      what: 'free memory',
      found: `${freeGiB.toFixed(1)} of ${(totalmem() / GiB).toFixed(1)} GiB`,
      ok: freeGiB >= 2,
      advice: 'The default run takes about 1 GiB; free some',
    },
  ]
}

function relaxedFinding(): Finding {
  const has = enableRelaxedSimd()
  return {
    what: 'relaxed SIMD',
    found: has ? 'yes, fused multiply-add' : 'no, kernels run without fused multiply-add, about a quarter slower',
    ok: true,
    advice: '',
  }
}

function sharedMemoryWorks(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer
  } catch {
    return false
  }
}
