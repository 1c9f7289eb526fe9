// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Histograms of features with more bins than a byte can name: the same sums as in reference/kernels.ts.

export function addWide(bins: usize, rows: usize, count: u32, pairs: usize, histogram: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row: usize = rows == 0 ? i : load<u32>(rows + (<usize>i << 2));
    const p = histogram + (<usize>load<u16>(bins + (row << 1)) << 4);
    v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)))));
  }
}
