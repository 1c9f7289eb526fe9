// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Histograms of 16, 32 or 64 neighbouring features, one unrolled update a feature: every line is the same but for its number.
// A pair (gradient, hessian) is added in one step. Sums are made in the order of the rows, so they don't depend on threads.

/** Rows whose bins are fetched ahead. */
const ahead: u32 = 64;
let touched: u32 = 0;

// @ts-ignore: decorator
@inline function rowAt(rows: usize, i: u32): usize {
  return rows == 0 ? <usize>i : <usize>load<u32>(rows + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline function touch(bins: usize, shift: usize, rows: usize, from: u32, to: u32): void {
  let sum: u32 = 0;
  if (rows != 0) for (let i = from; i < to; i++) sum += load<u8>(bins + (rowAt(rows, i) << shift));
  touched = sum;
}

export function addHistograms(width: u32, bins: usize, rows: usize, count: u32, pairs: usize, histograms: usize): void {
  if (width == 64) addHistograms64(bins, rows, count, pairs, histograms);
  else if (width == 32) addHistograms32(bins, rows, count, pairs, histograms);
  else addHistograms16(bins, rows, count, pairs, histograms);
}

function addHistograms16(bins: usize, rows: usize, count: u32, pairs: usize, h: usize): void {
  let i: u32 = 0;
  while (i < count) {
    const end = min<u32>(i + ahead, count);
    touch(bins, 4, rows, end, min<u32>(end + ahead, count));
    for (; i < end; i++) {
      const row = rowAt(rows, i);
      const g = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)));
      const b = bins + (row << 4);
      let p: usize;
      p = h + (<usize>load<u8>(b, 0) << 4);
      v128.store(p, f64x2.add(v128.load(p, 0), g), 0);
      p = h + (<usize>load<u8>(b, 1) << 4);
      v128.store(p, f64x2.add(v128.load(p, 4096), g), 4096);
      p = h + (<usize>load<u8>(b, 2) << 4);
      v128.store(p, f64x2.add(v128.load(p, 8192), g), 8192);
      p = h + (<usize>load<u8>(b, 3) << 4);
      v128.store(p, f64x2.add(v128.load(p, 12288), g), 12288);
      p = h + (<usize>load<u8>(b, 4) << 4);
      v128.store(p, f64x2.add(v128.load(p, 16384), g), 16384);
      p = h + (<usize>load<u8>(b, 5) << 4);
      v128.store(p, f64x2.add(v128.load(p, 20480), g), 20480);
      p = h + (<usize>load<u8>(b, 6) << 4);
      v128.store(p, f64x2.add(v128.load(p, 24576), g), 24576);
      p = h + (<usize>load<u8>(b, 7) << 4);
      v128.store(p, f64x2.add(v128.load(p, 28672), g), 28672);
      p = h + (<usize>load<u8>(b, 8) << 4);
      v128.store(p, f64x2.add(v128.load(p, 32768), g), 32768);
      p = h + (<usize>load<u8>(b, 9) << 4);
      v128.store(p, f64x2.add(v128.load(p, 36864), g), 36864);
      p = h + (<usize>load<u8>(b, 10) << 4);
      v128.store(p, f64x2.add(v128.load(p, 40960), g), 40960);
      p = h + (<usize>load<u8>(b, 11) << 4);
      v128.store(p, f64x2.add(v128.load(p, 45056), g), 45056);
      p = h + (<usize>load<u8>(b, 12) << 4);
      v128.store(p, f64x2.add(v128.load(p, 49152), g), 49152);
      p = h + (<usize>load<u8>(b, 13) << 4);
      v128.store(p, f64x2.add(v128.load(p, 53248), g), 53248);
      p = h + (<usize>load<u8>(b, 14) << 4);
      v128.store(p, f64x2.add(v128.load(p, 57344), g), 57344);
      p = h + (<usize>load<u8>(b, 15) << 4);
      v128.store(p, f64x2.add(v128.load(p, 61440), g), 61440);
    }
  }
}

function addHistograms32(bins: usize, rows: usize, count: u32, pairs: usize, h: usize): void {
  let i: u32 = 0;
  while (i < count) {
    const end = min<u32>(i + ahead, count);
    touch(bins, 5, rows, end, min<u32>(end + ahead, count));
    for (; i < end; i++) {
      const row = rowAt(rows, i);
      const g = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)));
      const b = bins + (row << 5);
      let p: usize;
      p = h + (<usize>load<u8>(b, 0) << 4);
      v128.store(p, f64x2.add(v128.load(p, 0), g), 0);
      p = h + (<usize>load<u8>(b, 1) << 4);
      v128.store(p, f64x2.add(v128.load(p, 4096), g), 4096);
      p = h + (<usize>load<u8>(b, 2) << 4);
      v128.store(p, f64x2.add(v128.load(p, 8192), g), 8192);
      p = h + (<usize>load<u8>(b, 3) << 4);
      v128.store(p, f64x2.add(v128.load(p, 12288), g), 12288);
      p = h + (<usize>load<u8>(b, 4) << 4);
      v128.store(p, f64x2.add(v128.load(p, 16384), g), 16384);
      p = h + (<usize>load<u8>(b, 5) << 4);
      v128.store(p, f64x2.add(v128.load(p, 20480), g), 20480);
      p = h + (<usize>load<u8>(b, 6) << 4);
      v128.store(p, f64x2.add(v128.load(p, 24576), g), 24576);
      p = h + (<usize>load<u8>(b, 7) << 4);
      v128.store(p, f64x2.add(v128.load(p, 28672), g), 28672);
      p = h + (<usize>load<u8>(b, 8) << 4);
      v128.store(p, f64x2.add(v128.load(p, 32768), g), 32768);
      p = h + (<usize>load<u8>(b, 9) << 4);
      v128.store(p, f64x2.add(v128.load(p, 36864), g), 36864);
      p = h + (<usize>load<u8>(b, 10) << 4);
      v128.store(p, f64x2.add(v128.load(p, 40960), g), 40960);
      p = h + (<usize>load<u8>(b, 11) << 4);
      v128.store(p, f64x2.add(v128.load(p, 45056), g), 45056);
      p = h + (<usize>load<u8>(b, 12) << 4);
      v128.store(p, f64x2.add(v128.load(p, 49152), g), 49152);
      p = h + (<usize>load<u8>(b, 13) << 4);
      v128.store(p, f64x2.add(v128.load(p, 53248), g), 53248);
      p = h + (<usize>load<u8>(b, 14) << 4);
      v128.store(p, f64x2.add(v128.load(p, 57344), g), 57344);
      p = h + (<usize>load<u8>(b, 15) << 4);
      v128.store(p, f64x2.add(v128.load(p, 61440), g), 61440);
      p = h + (<usize>load<u8>(b, 16) << 4);
      v128.store(p, f64x2.add(v128.load(p, 65536), g), 65536);
      p = h + (<usize>load<u8>(b, 17) << 4);
      v128.store(p, f64x2.add(v128.load(p, 69632), g), 69632);
      p = h + (<usize>load<u8>(b, 18) << 4);
      v128.store(p, f64x2.add(v128.load(p, 73728), g), 73728);
      p = h + (<usize>load<u8>(b, 19) << 4);
      v128.store(p, f64x2.add(v128.load(p, 77824), g), 77824);
      p = h + (<usize>load<u8>(b, 20) << 4);
      v128.store(p, f64x2.add(v128.load(p, 81920), g), 81920);
      p = h + (<usize>load<u8>(b, 21) << 4);
      v128.store(p, f64x2.add(v128.load(p, 86016), g), 86016);
      p = h + (<usize>load<u8>(b, 22) << 4);
      v128.store(p, f64x2.add(v128.load(p, 90112), g), 90112);
      p = h + (<usize>load<u8>(b, 23) << 4);
      v128.store(p, f64x2.add(v128.load(p, 94208), g), 94208);
      p = h + (<usize>load<u8>(b, 24) << 4);
      v128.store(p, f64x2.add(v128.load(p, 98304), g), 98304);
      p = h + (<usize>load<u8>(b, 25) << 4);
      v128.store(p, f64x2.add(v128.load(p, 102400), g), 102400);
      p = h + (<usize>load<u8>(b, 26) << 4);
      v128.store(p, f64x2.add(v128.load(p, 106496), g), 106496);
      p = h + (<usize>load<u8>(b, 27) << 4);
      v128.store(p, f64x2.add(v128.load(p, 110592), g), 110592);
      p = h + (<usize>load<u8>(b, 28) << 4);
      v128.store(p, f64x2.add(v128.load(p, 114688), g), 114688);
      p = h + (<usize>load<u8>(b, 29) << 4);
      v128.store(p, f64x2.add(v128.load(p, 118784), g), 118784);
      p = h + (<usize>load<u8>(b, 30) << 4);
      v128.store(p, f64x2.add(v128.load(p, 122880), g), 122880);
      p = h + (<usize>load<u8>(b, 31) << 4);
      v128.store(p, f64x2.add(v128.load(p, 126976), g), 126976);
    }
  }
}

function addHistograms64(bins: usize, rows: usize, count: u32, pairs: usize, h: usize): void {
  let i: u32 = 0;
  while (i < count) {
    const end = min<u32>(i + ahead, count);
    touch(bins, 6, rows, end, min<u32>(end + ahead, count));
    for (; i < end; i++) {
      const row = rowAt(rows, i);
      const g = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)));
      const b = bins + (row << 6);
      let p: usize;
      p = h + (<usize>load<u8>(b, 0) << 4);
      v128.store(p, f64x2.add(v128.load(p, 0), g), 0);
      p = h + (<usize>load<u8>(b, 1) << 4);
      v128.store(p, f64x2.add(v128.load(p, 4096), g), 4096);
      p = h + (<usize>load<u8>(b, 2) << 4);
      v128.store(p, f64x2.add(v128.load(p, 8192), g), 8192);
      p = h + (<usize>load<u8>(b, 3) << 4);
      v128.store(p, f64x2.add(v128.load(p, 12288), g), 12288);
      p = h + (<usize>load<u8>(b, 4) << 4);
      v128.store(p, f64x2.add(v128.load(p, 16384), g), 16384);
      p = h + (<usize>load<u8>(b, 5) << 4);
      v128.store(p, f64x2.add(v128.load(p, 20480), g), 20480);
      p = h + (<usize>load<u8>(b, 6) << 4);
      v128.store(p, f64x2.add(v128.load(p, 24576), g), 24576);
      p = h + (<usize>load<u8>(b, 7) << 4);
      v128.store(p, f64x2.add(v128.load(p, 28672), g), 28672);
      p = h + (<usize>load<u8>(b, 8) << 4);
      v128.store(p, f64x2.add(v128.load(p, 32768), g), 32768);
      p = h + (<usize>load<u8>(b, 9) << 4);
      v128.store(p, f64x2.add(v128.load(p, 36864), g), 36864);
      p = h + (<usize>load<u8>(b, 10) << 4);
      v128.store(p, f64x2.add(v128.load(p, 40960), g), 40960);
      p = h + (<usize>load<u8>(b, 11) << 4);
      v128.store(p, f64x2.add(v128.load(p, 45056), g), 45056);
      p = h + (<usize>load<u8>(b, 12) << 4);
      v128.store(p, f64x2.add(v128.load(p, 49152), g), 49152);
      p = h + (<usize>load<u8>(b, 13) << 4);
      v128.store(p, f64x2.add(v128.load(p, 53248), g), 53248);
      p = h + (<usize>load<u8>(b, 14) << 4);
      v128.store(p, f64x2.add(v128.load(p, 57344), g), 57344);
      p = h + (<usize>load<u8>(b, 15) << 4);
      v128.store(p, f64x2.add(v128.load(p, 61440), g), 61440);
      p = h + (<usize>load<u8>(b, 16) << 4);
      v128.store(p, f64x2.add(v128.load(p, 65536), g), 65536);
      p = h + (<usize>load<u8>(b, 17) << 4);
      v128.store(p, f64x2.add(v128.load(p, 69632), g), 69632);
      p = h + (<usize>load<u8>(b, 18) << 4);
      v128.store(p, f64x2.add(v128.load(p, 73728), g), 73728);
      p = h + (<usize>load<u8>(b, 19) << 4);
      v128.store(p, f64x2.add(v128.load(p, 77824), g), 77824);
      p = h + (<usize>load<u8>(b, 20) << 4);
      v128.store(p, f64x2.add(v128.load(p, 81920), g), 81920);
      p = h + (<usize>load<u8>(b, 21) << 4);
      v128.store(p, f64x2.add(v128.load(p, 86016), g), 86016);
      p = h + (<usize>load<u8>(b, 22) << 4);
      v128.store(p, f64x2.add(v128.load(p, 90112), g), 90112);
      p = h + (<usize>load<u8>(b, 23) << 4);
      v128.store(p, f64x2.add(v128.load(p, 94208), g), 94208);
      p = h + (<usize>load<u8>(b, 24) << 4);
      v128.store(p, f64x2.add(v128.load(p, 98304), g), 98304);
      p = h + (<usize>load<u8>(b, 25) << 4);
      v128.store(p, f64x2.add(v128.load(p, 102400), g), 102400);
      p = h + (<usize>load<u8>(b, 26) << 4);
      v128.store(p, f64x2.add(v128.load(p, 106496), g), 106496);
      p = h + (<usize>load<u8>(b, 27) << 4);
      v128.store(p, f64x2.add(v128.load(p, 110592), g), 110592);
      p = h + (<usize>load<u8>(b, 28) << 4);
      v128.store(p, f64x2.add(v128.load(p, 114688), g), 114688);
      p = h + (<usize>load<u8>(b, 29) << 4);
      v128.store(p, f64x2.add(v128.load(p, 118784), g), 118784);
      p = h + (<usize>load<u8>(b, 30) << 4);
      v128.store(p, f64x2.add(v128.load(p, 122880), g), 122880);
      p = h + (<usize>load<u8>(b, 31) << 4);
      v128.store(p, f64x2.add(v128.load(p, 126976), g), 126976);
      p = h + (<usize>load<u8>(b, 32) << 4);
      v128.store(p, f64x2.add(v128.load(p, 131072), g), 131072);
      p = h + (<usize>load<u8>(b, 33) << 4);
      v128.store(p, f64x2.add(v128.load(p, 135168), g), 135168);
      p = h + (<usize>load<u8>(b, 34) << 4);
      v128.store(p, f64x2.add(v128.load(p, 139264), g), 139264);
      p = h + (<usize>load<u8>(b, 35) << 4);
      v128.store(p, f64x2.add(v128.load(p, 143360), g), 143360);
      p = h + (<usize>load<u8>(b, 36) << 4);
      v128.store(p, f64x2.add(v128.load(p, 147456), g), 147456);
      p = h + (<usize>load<u8>(b, 37) << 4);
      v128.store(p, f64x2.add(v128.load(p, 151552), g), 151552);
      p = h + (<usize>load<u8>(b, 38) << 4);
      v128.store(p, f64x2.add(v128.load(p, 155648), g), 155648);
      p = h + (<usize>load<u8>(b, 39) << 4);
      v128.store(p, f64x2.add(v128.load(p, 159744), g), 159744);
      p = h + (<usize>load<u8>(b, 40) << 4);
      v128.store(p, f64x2.add(v128.load(p, 163840), g), 163840);
      p = h + (<usize>load<u8>(b, 41) << 4);
      v128.store(p, f64x2.add(v128.load(p, 167936), g), 167936);
      p = h + (<usize>load<u8>(b, 42) << 4);
      v128.store(p, f64x2.add(v128.load(p, 172032), g), 172032);
      p = h + (<usize>load<u8>(b, 43) << 4);
      v128.store(p, f64x2.add(v128.load(p, 176128), g), 176128);
      p = h + (<usize>load<u8>(b, 44) << 4);
      v128.store(p, f64x2.add(v128.load(p, 180224), g), 180224);
      p = h + (<usize>load<u8>(b, 45) << 4);
      v128.store(p, f64x2.add(v128.load(p, 184320), g), 184320);
      p = h + (<usize>load<u8>(b, 46) << 4);
      v128.store(p, f64x2.add(v128.load(p, 188416), g), 188416);
      p = h + (<usize>load<u8>(b, 47) << 4);
      v128.store(p, f64x2.add(v128.load(p, 192512), g), 192512);
      p = h + (<usize>load<u8>(b, 48) << 4);
      v128.store(p, f64x2.add(v128.load(p, 196608), g), 196608);
      p = h + (<usize>load<u8>(b, 49) << 4);
      v128.store(p, f64x2.add(v128.load(p, 200704), g), 200704);
      p = h + (<usize>load<u8>(b, 50) << 4);
      v128.store(p, f64x2.add(v128.load(p, 204800), g), 204800);
      p = h + (<usize>load<u8>(b, 51) << 4);
      v128.store(p, f64x2.add(v128.load(p, 208896), g), 208896);
      p = h + (<usize>load<u8>(b, 52) << 4);
      v128.store(p, f64x2.add(v128.load(p, 212992), g), 212992);
      p = h + (<usize>load<u8>(b, 53) << 4);
      v128.store(p, f64x2.add(v128.load(p, 217088), g), 217088);
      p = h + (<usize>load<u8>(b, 54) << 4);
      v128.store(p, f64x2.add(v128.load(p, 221184), g), 221184);
      p = h + (<usize>load<u8>(b, 55) << 4);
      v128.store(p, f64x2.add(v128.load(p, 225280), g), 225280);
      p = h + (<usize>load<u8>(b, 56) << 4);
      v128.store(p, f64x2.add(v128.load(p, 229376), g), 229376);
      p = h + (<usize>load<u8>(b, 57) << 4);
      v128.store(p, f64x2.add(v128.load(p, 233472), g), 233472);
      p = h + (<usize>load<u8>(b, 58) << 4);
      v128.store(p, f64x2.add(v128.load(p, 237568), g), 237568);
      p = h + (<usize>load<u8>(b, 59) << 4);
      v128.store(p, f64x2.add(v128.load(p, 241664), g), 241664);
      p = h + (<usize>load<u8>(b, 60) << 4);
      v128.store(p, f64x2.add(v128.load(p, 245760), g), 245760);
      p = h + (<usize>load<u8>(b, 61) << 4);
      v128.store(p, f64x2.add(v128.load(p, 249856), g), 249856);
      p = h + (<usize>load<u8>(b, 62) << 4);
      v128.store(p, f64x2.add(v128.load(p, 253952), g), 253952);
      p = h + (<usize>load<u8>(b, 63) << 4);
      v128.store(p, f64x2.add(v128.load(p, 258048), g), 258048);
    }
  }
}
