/* A GPU device that is looked at while an engine uses it: what it is sent, and memory that begins as NaN. */

/** What a device was sent. */
interface Traffic {
  dispatches: number
  submits: number
  /** From host to device. */
  bytes: number
  /** Times the host waited for memory of the device. */
  reads: number
}

export interface WatchedDevice {
  readonly device: GPUDevice
  readonly traffic: Traffic
}

type Method = (...args: unknown[]) => unknown

/** An object whose methods may be replaced, and are otherwise called on the object itself: Dawn's refuse to be called on a proxy. */
export function replaced<T extends object>(
  target: T,
  methods: Readonly<Record<string, (original: Method) => Method>>,
): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object)
      if (typeof value !== 'function') return value
      const bound: Method = (...args) => Reflect.apply(value, object, args)
      return typeof name === 'string' && methods[name] ? methods[name](bound) : bound
    },
    set: (object, name, value) => Reflect.set(object, name, value, object),
  })
}

/** Watches a device; with `poison` every new buffer of storage is full of NaN. */
export function watchedDevice(
  device: GPUDevice,
  { poison = false }: { readonly poison?: boolean } = {},
): WatchedDevice {
  const traffic: Traffic = { dispatches: 0, submits: 0, bytes: 0, reads: 0 }
  const queue = replaced(device.queue, {
    submit: (submit) => (buffers) => {
      traffic.submits++
      return submit(buffers)
    },
    writeBuffer:
      (write) =>
      (buffer, offset, data, ...rest) => {
        traffic.bytes += data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0
        return write(buffer, offset, data, ...rest)
      },
  })
  const watched = replaced(device, {
    createBuffer: (create) => (descriptor) => makeBuffer(create, descriptor as GPUBufferDescriptor, poison, traffic),
    createCommandEncoder: (create) => () =>
      replaced(create() as GPUCommandEncoder, {
        beginComputePass: (begin) => (descriptor) =>
          replaced(begin(descriptor) as GPUComputePassEncoder, {
            dispatchWorkgroups:
              (dispatch) =>
              (...groups) => {
                traffic.dispatches++
                return dispatch(...groups)
              },
          }),
      }),
  })
  return {
    device: new Proxy(watched, { get: (object, name) => (name === 'queue' ? queue : Reflect.get(object, name)) }),
    traffic,
  }
}

function makeBuffer(create: Method, descriptor: GPUBufferDescriptor, poison: boolean, traffic: Traffic): unknown {
  if (descriptor.usage & GPUBufferUsage.MAP_READ) traffic.reads++
  if (!poison || !(descriptor.usage & GPUBufferUsage.STORAGE)) return create(descriptor)
  const buffer = create({ ...descriptor, mappedAtCreation: true }) as GPUBuffer
  new Float32Array(buffer.getMappedRange()).fill(Number.NaN)
  buffer.unmap()
  return buffer
}
