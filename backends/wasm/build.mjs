import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles both variants of the kernels into dist/kernels. Throws with the compiler's messages. */
export async function buildKernels() {
  for (const target of ['simd', 'relaxed']) {
    const config = ['--baseDir', root, '--config', 'backends/wasm/asconfig.json', '--target', target]
    const { error, stderr } = await asc.main(config)
    if (error) throw new Error(`kernels, target ${target}: ${error.message}\n${stderr.toString()}`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels()
