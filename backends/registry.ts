import type { BackendSpec } from '../src/gpu/backend.ts'
import { model } from './model.ts'
import { reference } from './reference/index.ts'
import { wasm, wasmSimd } from './wasm/index.ts'

/** Every backend, sorted by name. */
export const backends: readonly BackendSpec[] = [model, reference, wasm, wasmSimd]
