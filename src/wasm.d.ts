/** What this project uses of WebAssembly; `@types/node` declares none, and lib.dom has the wrong buffer type. */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    initial: number
    maximum: number
    shared: true
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor)
    readonly buffer: SharedArrayBuffer
    grow(pages: number): number
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  type Exports = Record<string, (...values: number[]) => number>
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Exports
  }
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array): boolean
}
