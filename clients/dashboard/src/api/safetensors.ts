/** A float matrix, row by row. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float32Array;
}

export interface SafetensorsFile {
  metadata: Record<string, string>;
  /** The tensors that it holds. */
  names: string[];
  matrix(name: string): Matrix;
}

const headerLengthBytes = 8;
const floatBytes = 4;

/** Reads a file of fp32 matrices. Throws where it is none. */
export function parseSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = headerLengthBytes + Number(view.getBigUint64(0, true));
  if (data > bytes.length) throw new Error("The safetensors header is cut off.");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(headerLengthBytes, data)));
  return {
    metadata: header.__metadata__ ?? {},
    names: Object.keys(header).filter((name) => name !== "__metadata__"),
    matrix(name) {
      const entry = header[name];
      if (entry?.dtype !== "F32" || entry.shape.length !== 2) throw new Error(`The file holds no fp32 matrix "${name}".`);
      const [start, end] = entry.data_offsets as [number, number];
      const [rows, columns] = entry.shape as [number, number];
      if (end - start !== rows * columns * floatBytes || data + end > bytes.length) throw new Error(`The matrix "${name}" is cut off.`);
      // A copy, since floats must lie at multiples of four.
      return { rows, columns, values: new Float32Array(bytes.slice(data + start, data + end).buffer) };
    },
  };
}
