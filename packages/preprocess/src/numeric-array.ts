/** The typed arrays that hold images, labels and what becomes of them. */
export type NumericArray =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array

/** Element types by numpy's names. */
export type Dtype = 'uint8' | 'uint16' | 'uint32' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64'

/**
 * The element type of an array by numpy's name.
 *
 * @example
 * dtypeOf(new Uint8Array(3)) // 'uint8'
 */
export function dtypeOf(values: NumericArray): Dtype {
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) return 'uint8'
  if (values instanceof Uint16Array) return 'uint16'
  if (values instanceof Uint32Array) return 'uint32'
  if (values instanceof Int8Array) return 'int8'
  if (values instanceof Int16Array) return 'int16'
  if (values instanceof Int32Array) return 'int32'
  if (values instanceof Float32Array) return 'float32'
  return 'float64'
}
