// Matrix products. One accumulator per output from 0, k ascending, one `fma` a k, in every tile shape: so a row's bits do
// not depend on the rows beside it. Immediate offsets and one pointer a stream; unrolling by hand halves the speed.

import { fma } from "./math";

/** c (rows × n) = a (rows × k) times packed panels of [k][32]. Strides in bytes. */
export function gemm(a: usize, strideA: usize, panels: usize, k: i32, n: i32, c: usize, strideC: usize, rows: i32): void {
  const panelBytes = <usize>k * 128;
  const end = c + <usize>n * 4;
  for (; c < end; c += 128, panels += panelBytes) {
    let rowA = a;
    let rowC = c;
    let r = rows;
    for (; r > 1; r -= 2) {
      tile2x16(rowA, rowA + strideA, panels, 128, k, rowC, rowC + strideC);
      tile2x16(rowA, rowA + strideA, panels + 64, 128, k, rowC + 64, rowC + strideC + 64);
      rowA += strideA * 2;
      rowC += strideC * 2;
    }
    if (r) tile1x32(rowA, panels, 128, k, rowC);
  }
}

/** Two rows by 16 columns: eight accumulators, which is what the registers hold. */
export function tile2x16(a0: usize, a1: usize, b: usize, strideB: usize, k: i32, c0: usize, c1: usize): void {
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0), p2 = f32x4.splat(0), p3 = f32x4.splat(0);
  let q0 = f32x4.splat(0), q1 = f32x4.splat(0), q2 = f32x4.splat(0), q3 = f32x4.splat(0);
  const end = a0 + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a0);
    const y = v128.load_splat<f32>(a1);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    p0 = fma(x, b0, p0); p1 = fma(x, b1, p1); p2 = fma(x, b2, p2); p3 = fma(x, b3, p3);
    q0 = fma(y, b0, q0); q1 = fma(y, b1, q1); q2 = fma(y, b2, q2); q3 = fma(y, b3, q3);
    a0 += 4;
    a1 += 4;
    b += strideB;
  } while (a0 < end);
  v128.store(c0, p0); v128.store(c0, p1, 16); v128.store(c0, p2, 32); v128.store(c0, p3, 48);
  v128.store(c1, q0); v128.store(c1, q1, 16); v128.store(c1, q2, 32); v128.store(c1, q3, 48);
}

/** {@link tile2x16}, but going on from what stands in c. */
export function tile2x16Onto(a0: usize, a1: usize, b: usize, strideB: usize, k: i32, c0: usize, c1: usize): void {
  let p0 = v128.load(c0), p1 = v128.load(c0, 16), p2 = v128.load(c0, 32), p3 = v128.load(c0, 48);
  let q0 = v128.load(c1), q1 = v128.load(c1, 16), q2 = v128.load(c1, 32), q3 = v128.load(c1, 48);
  const end = a0 + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a0);
    const y = v128.load_splat<f32>(a1);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    p0 = fma(x, b0, p0); p1 = fma(x, b1, p1); p2 = fma(x, b2, p2); p3 = fma(x, b3, p3);
    q0 = fma(y, b0, q0); q1 = fma(y, b1, q1); q2 = fma(y, b2, q2); q3 = fma(y, b3, q3);
    a0 += 4;
    a1 += 4;
    b += strideB;
  } while (a0 < end);
  v128.store(c0, p0); v128.store(c0, p1, 16); v128.store(c0, p2, 32); v128.store(c0, p3, 48);
  v128.store(c1, q0); v128.store(c1, q1, 16); v128.store(c1, q2, 32); v128.store(c1, q3, 48);
}

/** One row by 32 columns, for the last row of an odd number and for decode of one sequence. */
export function tile1x32(a: usize, b: usize, strideB: usize, k: i32, c: usize): void {
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0), p2 = f32x4.splat(0), p3 = f32x4.splat(0);
  let p4 = f32x4.splat(0), p5 = f32x4.splat(0), p6 = f32x4.splat(0), p7 = f32x4.splat(0);
  const end = a + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a);
    p0 = fma(x, v128.load(b), p0); p1 = fma(x, v128.load(b, 16), p1);
    p2 = fma(x, v128.load(b, 32), p2); p3 = fma(x, v128.load(b, 48), p3);
    p4 = fma(x, v128.load(b, 64), p4); p5 = fma(x, v128.load(b, 80), p5);
    p6 = fma(x, v128.load(b, 96), p6); p7 = fma(x, v128.load(b, 112), p7);
    a += 4;
    b += strideB;
  } while (a < end);
  v128.store(c, p0); v128.store(c, p1, 16); v128.store(c, p2, 32); v128.store(c, p3, 48);
  v128.store(c, p4, 64); v128.store(c, p5, 80); v128.store(c, p6, 96); v128.store(c, p7, 112);
}

/** One row by 16 columns from 0. */
export function tile1x16(a: usize, b: usize, strideB: usize, k: i32, c: usize): void {
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0), p2 = f32x4.splat(0), p3 = f32x4.splat(0);
  const end = a + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a);
    p0 = fma(x, v128.load(b), p0); p1 = fma(x, v128.load(b, 16), p1);
    p2 = fma(x, v128.load(b, 32), p2); p3 = fma(x, v128.load(b, 48), p3);
    a += 4;
    b += strideB;
  } while (a < end);
  v128.store(c, p0); v128.store(c, p1, 16); v128.store(c, p2, 32); v128.store(c, p3, 48);
}

/** One row by 16 columns, going on from what stands in c. */
export function tile1x16Onto(a: usize, b: usize, strideB: usize, k: i32, c: usize): void {
  let p0 = v128.load(c), p1 = v128.load(c, 16), p2 = v128.load(c, 32), p3 = v128.load(c, 48);
  const end = a + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a);
    p0 = fma(x, v128.load(b), p0); p1 = fma(x, v128.load(b, 16), p1);
    p2 = fma(x, v128.load(b, 32), p2); p3 = fma(x, v128.load(b, 48), p3);
    a += 4;
    b += strideB;
  } while (a < end);
  v128.store(c, p0); v128.store(c, p1, 16); v128.store(c, p2, 32); v128.store(c, p3, 48);
}

/** Two rows by 8 columns of each of two b, for keys in blocks that hold no 16 of them in a row. */
export function tile2x8x2(a0: usize, a1: usize, b: usize, d: usize, strideB: usize, k: i32, c0: usize, c1: usize): void {
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0), p2 = f32x4.splat(0), p3 = f32x4.splat(0);
  let q0 = f32x4.splat(0), q1 = f32x4.splat(0), q2 = f32x4.splat(0), q3 = f32x4.splat(0);
  const end = a0 + (<usize>k << 2);
  do {
    const x = v128.load_splat<f32>(a0);
    const y = v128.load_splat<f32>(a1);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(d), b3 = v128.load(d, 16);
    p0 = fma(x, b0, p0); p1 = fma(x, b1, p1); p2 = fma(x, b2, p2); p3 = fma(x, b3, p3);
    q0 = fma(y, b0, q0); q1 = fma(y, b1, q1); q2 = fma(y, b2, q2); q3 = fma(y, b3, q3);
    a0 += 4;
    a1 += 4;
    b += strideB;
    d += strideB;
  } while (a0 < end);
  v128.store(c0, p0); v128.store(c0, p1, 16); v128.store(c0, p2, 32); v128.store(c0, p3, 48);
  v128.store(c1, q0); v128.store(c1, q1, 16); v128.store(c1, q2, 32); v128.store(c1, q3, 48);
}
