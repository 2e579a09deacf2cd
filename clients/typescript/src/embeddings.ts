import { type Embedding } from "./gen/taskres/v1/types_pb.js";

/** The values, D of them, whatever format they came in. */
export function toFloats({ values, fp16, int8, scale }: Embedding): Float32Array {
  if (int8.length > 0) return Float32Array.from(new Int8Array(int8.buffer, int8.byteOffset, int8.length), (value) => value * scale);
  if (fp16.length === 0) return Float32Array.from(values);
  const halves = new DataView(fp16.buffer, fp16.byteOffset, fp16.length);
  return Float32Array.from({ length: fp16.length / 2 }, (_, index) => fromHalf(halves.getUint16(2 * index, true)));
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
