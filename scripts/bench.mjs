// Speed and memory, printed and not judged: kernels against the core's peak, planning of the Mooncake hour and of closed loops, eviction policies, and how it grows.
import { $ } from 'zx'

$.stdio = 'inherit'
for (const suite of ['kernels', 'plan', 'policies', 'sweep', 'scale']) await $`${process.execPath} bench/${suite}.mjs`
