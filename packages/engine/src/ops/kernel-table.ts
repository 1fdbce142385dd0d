/*
 * The one table of opcodes and argument layouts, for both sides of the border: the plan writes instructions by it, and
 * `scripts/build-kernels.mjs` turns it into constants for the AssemblyScript kernels. An instruction is a row of 32-bit words:
 * opcode, tiles, length in bytes, 0, then the arguments in this order. Addresses and strides are in bytes. Names that end in
 * `f` hold float32 bits. An image tensor's four words are its address and the bytes from image to image, row to row, pixel to
 * pixel; the address is that of pixel (0, 0), inside the halo.
 */
// biome-ignore format: a kernel's arguments are read at a glance when they stand side by side.
export const kernelTable = {
  /** Ends the step. */
  end: [] as const,
  /** Waits until every thread has come here. */
  barrier: [] as const,
  /** y[n] = table[bytes of image order[n]]; a tile is one image. */
  gather: ['y', 'yImage', 'yRow', 'yPixel', 'images', 'height', 'width', 'channels', 'table'] as const,
  /**
   * y[n] = image order[n] sampled through the step's draw n, row after row of 9 float64 (core's DRAW_NUMBERS); `tailBytes` of zeros
   * follow each image. Height, width and channels are the image's; a tile is one image.
   */
  gatherDrawn: [
    'y', 'yImage', 'yRow', 'yPixel', 'images', 'height', 'width', 'channels', 'table', 'draws', 'fillMode', 'cvalf', 'tailBytes'
  ] as const,
  /** y = act(x w + bias), as a convolution in place or a plain product; a tile is `tileRows` pixels times `tilePanels` panels. */
  gemm: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'rows', 'segments',
    'segmentCount', 'segmentLength', 'w', 'panelBytes', 'columns', 'bias', 'relu', 'tileRows', 'tilePanels'
  ] as const,
  /** dx = (dz w^T) where y > 0, times keep; y = 0 means everywhere. Dense only; a tile is 8 inputs. */
  denseDx: [
    'dz', 'dzRow', 'w', 'panelBytes', 'columns', 'dx', 'dxRow', 'batch', 'inputs', 'y', 'yRow', 'keepf'
  ] as const,
  /** w -= update(x^T dz); a tile is one panel times `tileInputs` inputs. */
  denseDw: [
    'x', 'xRow', 'dz', 'dzRow', 'batch', 'inputs', 'columns', 'tileInputs', 'w', 'panelBytes', 'update'
  ] as const,
  /** w -= update(x^T dz) of a convolution; a tile is one segment times one panel. */
  convDw: [
    'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel', 'height', 'width', 'batch', 'segments',
    'segmentCount', 'segmentLength', 'columns', 'w', 'panelBytes', 'update'
  ] as const,
  /** w -= update(sum of dz over the samples), for a bias; a tile is 16 columns. */
  biasUpdate: ['dz', 'dzRow', 'batch', 'columns', 'w', 'update'] as const,
  /** y = max of each window, and which place won; a tile is one image. */
  maxPool: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'winner', 'height', 'width', 'columns',
    'outHeight', 'outWidth', 'poolY', 'poolX', 'strideY', 'strideX', 'top', 'left'
  ] as const,
  /** dx = dy at the winners; a tile is one image. */
  maxPoolGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'winner', 'height', 'width',
    'columns', 'outHeight', 'outWidth', 'poolY', 'poolX', 'strideY', 'strideX', 'top', 'left'
  ] as const,
  /** y = max(y, 0), in place; a tile is one image. */
  relu: ['y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns'] as const,
  /** dz = dy where y > 0, times keep; a tile is one image. */
  reluGrad: [
    'y', 'yImage', 'yRow', 'yPixel', 'dy', 'dyImage', 'dyRow', 'dyPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel',
    'height', 'width', 'columns', 'keepf'
  ] as const,
  /** y = act(conv(x, w) + bias) of a single channel with 3x3 weights; a tile is one image. */
  singleChannelConv: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'segments', 'w',
    'panelBytes', 'bias', 'relu'
  ] as const,
  /** partial[group] = the group's gradients of such a kernel, in its panels, and of its bias; a tile is one group. */
  singleChannelDw: [
    'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel', 'height', 'width', 'batch', 'columns',
    'segments', 'panelBytes', 'groups', 'partial', 'groupBytes', 'biasOffset'
  ] as const,
  /** A stem's sums: of a single-channel 3x3 convolution's outputs and of their squares, [image][2][columns] float64; a tile is one image. */
  stemSums: [
    'x', 'xImage', 'xRow', 'xPixel', 'height', 'width', 'columns', 'segments', 'w', 'panelBytes', 'bias', 'relu',
    'out'
  ] as const,
  /** y = 2x2 max of (scale act(conv(x, w) + bias) + shift), with winners as normPool; a tile is one image. */
  stemForward: [
    'x', 'xImage', 'xRow', 'xPixel', 'height', 'width', 'columns', 'segments', 'w', 'panelBytes', 'bias', 'relu',
    'y', 'yImage', 'yRow', 'yPixel', 'stats', 'winner', 'winnerX', 'outHeight', 'outWidth'
  ] as const,
  /** partial[group] = gradients of the convolution's kernel and bias, from dy through pool and normalization; a tile is one group. */
  stemGrad: [
    'x', 'xImage', 'xRow', 'xPixel', 'height', 'width', 'columns', 'segments', 'w', 'panelBytes', 'bias', 'relu',
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'coefficients', 'winner', 'outHeight', 'outWidth', 'batch', 'groups',
    'partial', 'groupBytes', 'biasOffset'
  ] as const,
  /** Sums of dz over the pixels of a group of images, [groups, columns] float32; a tile is one group. */
  columnSums: ['dz', 'dzImage', 'dzRow', 'dzPixel', 'height', 'width', 'batch', 'columns', 'groups', 'out'] as const,
  /** w -= update(sum over groups of partial[group]); a tile is `tileWords` words. */
  reduceUpdate: ['partial', 'groupBytes', 'groups', 'words', 'tileWords', 'w', 'update'] as const,
  /** Copies panels [segment, in][out] to [segment mirrored, out][in], for the gradient with respect to the input; a tile is one segment. */
  mirrorWeights: ['w', 'panelBytes', 'segmentCount', 'inputs', 'columns', 'out', 'outPanelBytes'] as const,
  /** Winograd F(2x2, 3x3): u = G w G^T, from w or from its mirror; a tile is one panel of u. */
  winogradWeights: ['w', 'panelBytes', 'inputs', 'columns', 'u', 'uPanelBytes', 'uPositionBytes', 'mirror'] as const,
  /** y = act(conv(x, w) + bias) through u; a tile is one image. */
  winogradConv: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'inputs', 'columns', 'u',
    'uPanelBytes', 'uPositionBytes', 'bias', 'relu'
  ] as const,
  /** partial[group][position] = sum over the group's images of (transformed x)^T (transformed dz); a tile is one group. */
  winogradDw: [
    'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel', 'height', 'width', 'batch', 'inputs',
    'columns', 'groups', 'partial', 'groupBytes', 'positionBytes'
  ] as const,
  /** w -= update(G^T (sum of partials) G); a tile is `tileInputs` inputs of one panel. */
  winogradUpdate: [
    'partial', 'groupBytes', 'groups', 'positionBytes', 'inputs', 'columns', 'tileInputs', 'w', 'panelBytes',
    'update'
  ] as const,
  /** Sum and sum of squares of x over the pixels of one image, [image][2][columns] float64; a tile is one image. */
  normSums: ['x', 'xImage', 'xRow', 'xPixel', 'height', 'width', 'columns', 'out'] as const,
  /** From the sums: mean, 1/deviation, scale and shift [4][columns] into `stats`; moving averages; one tile. */
  normFinish: [
    'sums', 'batch', 'pixels', 'columns', 'gamma', 'beta', 'movingMean', 'movingVariance', 'momentumf', 'epsilonf',
    'stats'
  ] as const,
  /** Scale and shift from the moving averages, into `stats`; one tile. */
  normInference: ['columns', 'gamma', 'beta', 'movingMean', 'movingVariance', 'epsilonf', 'stats'] as const,
  /** y = x scale + shift; a tile is one image. */
  normApply: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'stats'
  ] as const,
  /** y = 2x2 stride 2 max of (x scale + shift), with the winner's place 0..3 and its x; a tile is one image. */
  normPool: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'stats',
    'winner', 'winnerX', 'outHeight', 'outWidth'
  ] as const,
  /** Per image: sums of dy and dy * x [image][2][columns] float64, dy and x at the pooled places; a tile is one image. */
  normPoolGradSums: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'winnerX', 'outHeight', 'outWidth', 'columns', 'out'
  ] as const,
  /** Per image: sums of dy and dy * x; a tile is one image. */
  normGradSums: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'x', 'xImage', 'xRow', 'xPixel', 'height', 'width', 'columns', 'out'
  ] as const,
  /** From the sums: coefficients a, b, c [3][columns] of dx = a dy + b x + c; gradients of gamma and beta, both updated; one tile. */
  normGradFinish: [
    'sums', 'batch', 'pixels', 'columns', 'frozen', 'stats', 'coefficients', 'gamma', 'beta', 'update'
  ] as const,
  /** dz = (a dy + b x + c) where x > 0, times keep (`relu` 0: everywhere); dy through the pool's winners; a tile is one image. */
  normPoolGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel',
    'height', 'width', 'columns', 'coefficients', 'winner', 'outHeight', 'outWidth', 'relu', 'keepf'
  ] as const,
  /** The same without a pool. */
  normGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel',
    'height', 'width', 'columns', 'coefficients', 'relu', 'keepf'
  ] as const,
  /** x *= mask, in place; a tile is one image. */
  dropout: ['x', 'xImage', 'xRow', 'height', 'rowVectors', 'seed', 'stream', 'threshold', 'keepf'] as const,
  /** y = x, or y += x, of the first `channels` channels, then `zeros` channels of zeros; a tile is one image. */
  copyBlock: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'channels', 'zeros', 'add'
  ] as const,
  /** y = 0; a tile is one image. */
  fillZero: ['y', 'yImage', 'yRow', 'height', 'rowBytes'] as const,
  /** y = x in another shape: values keep their row-major order, padding becomes zeros; a tile is one image. */
  relayout: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'xWidth', 'xChannels', 'yHeight', 'yWidth',
    'yChannels', 'yColumns'
  ] as const,
  /** y = each pixel of x sizeY x sizeX times; a tile is one image. */
  upSample: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'sizeY', 'sizeX'
  ] as const,
  /** dx = sum of dy over the places of each pixel; a tile is one image. */
  upSampleGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height', 'width', 'columns', 'sizeY',
    'sizeX'
  ] as const,
  /** y = x between its pixels, whose coordinates lie at their centres if `centers`, else at their corners; a tile is one image. */
  upSampleBilinear: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'sizeY', 'sizeX',
    'centers'
  ] as const,
  /** dx = the shares of dy that came from each pixel; a tile is one image. */
  upSampleBilinearGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height', 'width', 'columns', 'sizeY',
    'sizeX', 'centers'
  ] as const,
  /** y = mean of what each window sees inside the image; a tile is one image. */
  averagePool: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'outHeight',
    'outWidth', 'poolY', 'poolX', 'strideY', 'strideX', 'top', 'left'
  ] as const,
  /** dx = sum over windows of dy / places; a tile is one image. */
  averagePoolGrad: [
    'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height', 'width', 'columns',
    'outHeight', 'outWidth', 'poolY', 'poolX', 'strideY', 'strideX', 'top', 'left'
  ] as const,
  /** y = largest value of each channel; a tile is one image. */
  globalMax: ['x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'height', 'width', 'columns'] as const,
  /** dx = dy / n at the n places that hold the maximum y; a tile is one image. */
  globalMaxGrad: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'dy', 'dyImage', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height',
    'width', 'columns'
  ] as const,
  /** y = bias + each channel of x under windows of its own; a tile is one image. */
  depthwise: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'outHeight', 'outWidth',
    'columns', 'multiplier', 'kernelY', 'kernelX', 'strideY', 'strideX', 'dilationY', 'dilationX', 'top', 'left',
    'w', 'bias'
  ] as const,
  /** The same transposed: dx from dz; a tile is one image. */
  depthwiseDx: [
    'dz', 'dzImage', 'dzRow', 'dzPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height', 'width', 'outHeight',
    'outWidth', 'columns', 'dxColumns', 'multiplier', 'kernelY', 'kernelX', 'strideY', 'strideX', 'dilationY',
    'dilationX', 'top', 'left', 'w'
  ] as const,
  /** partial[group][place][channel] = sum over the group's images of x dz; a tile is one group. */
  depthwiseDw: [
    'x', 'xImage', 'xRow', 'xPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel', 'height', 'width', 'outHeight',
    'outWidth', 'columns', 'multiplier', 'kernelY', 'kernelX', 'strideY', 'strideX', 'dilationY', 'dilationX',
    'top', 'left', 'batch', 'groups', 'partial', 'groupBytes'
  ] as const,
  /** dx of a convolution with any stride, from dz; a tile is one image. */
  stridedDx: [
    'dz', 'dzImage', 'dzRow', 'dzPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel', 'height', 'width', 'outHeight',
    'outWidth', 'inputs', 'columns', 'kernelY', 'kernelX', 'strideY', 'strideX', 'dilationY', 'dilationX', 'top',
    'left', 'w', 'panelBytes'
  ] as const,
  /** y = gamma (x - mean) / deviation + beta over the channels of each pixel; a tile is one image. */
  layerNorm: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'channels', 'columns',
    'gamma', 'beta', 'epsilonf'
  ] as const,
  /** dx of it; a tile is one image. */
  layerNormGrad: [
    'x', 'xImage', 'xRow', 'xPixel', 'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel',
    'height', 'width', 'channels', 'columns', 'gamma', 'epsilonf'
  ] as const,
  /** partial[group] = sums of dy xhat, then of dy; a tile is one group. */
  layerNormSums: [
    'x', 'xImage', 'xRow', 'xPixel', 'dy', 'dyImage', 'dyRow', 'dyPixel', 'height', 'width', 'channels', 'columns',
    'epsilonf', 'batch', 'groups', 'partial', 'groupBytes'
  ] as const,
  /** y = f(x), which may be one tensor; padding stays zero; a tile is one image. */
  activate: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'channels', 'columns',
    'kind', 'alphaf'
  ] as const,
  /** dz = dy f', told from v: the output, or the input of swish and gelu; a tile is one image. */
  activateGrad: [
    'v', 'vImage', 'vRow', 'vPixel', 'dy', 'dyImage', 'dyRow', 'dyPixel', 'dz', 'dzImage', 'dzRow', 'dzPixel',
    'height', 'width', 'columns', 'kind', 'alphaf'
  ] as const,
  /** y = softmax(x) over the channels of each pixel; a tile is one image. */
  softmaxPixels: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'channels', 'columns'
  ] as const,
  /** dx = y (dy - sum of dy y); a tile is one image. */
  softmaxPixelsGrad: [
    'y', 'yImage', 'yRow', 'yPixel', 'dy', 'dyImage', 'dyRow', 'dyPixel', 'dx', 'dxImage', 'dxRow', 'dxPixel',
    'height', 'width', 'columns'
  ] as const,
  /** y = x, whole channels dropped; a tile is one image. */
  spatialDropout: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'columns', 'seed',
    'stream', 'threshold', 'keepf'
  ] as const,
  /** y = x + deviation * normal; a tile is one image. */
  gaussianNoise: [
    'x', 'xImage', 'xRow', 'xPixel', 'y', 'yImage', 'yRow', 'yPixel', 'height', 'width', 'channels', 'columns',
    'seed', 'stream', 'deviationf'
  ] as const,
  /** Loss, hits and dz of each sample, for every loss but the plain categorical one; a tile is one sample. */
  outputLoss: [
    'z', 'zRow', 'dz', 'dzRow', 'batch', 'classes', 'columns', 'labels', 'loss', 'weights', 'kind', 'smoothingf'
  ] as const,
  /** Adds batch (l1 sum of |w| + l2 sum of w^2) to the run's sum of losses; one tile. */
  penalty: ['w', 'panelBytes', 'panels', 'words', 'columns', 'batch', 'l1f', 'l2f', 'sums'] as const,
  /** w = w min(norm, limit) / (norm + 1e-7) for each column, or for all words of a vector; a tile is one panel. */
  maxNorm: ['w', 'panelBytes', 'words', 'limitf'] as const,
  /** out[panel] = sum of g^2 over one panel, float64, of the gradient that belongs to w; a tile is one panel. */
  gradientSquares: ['w', 'panelBytes', 'words', 'columns', 'update', 'out'] as const,
  /** norms[weight] = root of the sum of its panels' squares, float64; one tile. */
  gradientNorms: ['squares', 'panels', 'norms'] as const,
  /** scales[weight] of the clip by norm (1) or by global norm (2), times share; one tile. */
  clipScales: ['norms', 'count', 'mode', 'sharef', 'scales', 'update'] as const,
  /** w -= update(g scale), each value of it within the clip where `clips` isn't 0; g = 0 then; a tile is `tileWords` words. */
  applyUpdate: ['w', 'words', 'tileWords', 'scales', 'index', 'sharef', 'clips', 'update'] as const,
  /** Loss, hits and dz = (softmax - onehot) / batch of each sample; a tile is one sample. */
  softmaxLoss: ['z', 'zRow', 'dz', 'dzRow', 'batch', 'classes', 'labels', 'loss', 'weights'] as const,
  /** p = softmax(z); a tile is one sample. */
  softmax: ['z', 'zRow', 'p', 'pRow', 'batch', 'classes'] as const,
  /** Adds the samples' losses and hits to the run's sums; one tile. */
  countLoss: ['loss', 'batch', 'sums'] as const,
} as const

export type KernelName = keyof typeof kernelTable
export type KernelArguments<K extends KernelName> = Record<(typeof kernelTable)[K][number], number>

/** What each kernel writes; everything else that is an address it only reads. Barriers follow from this. */
export const kernelWrites: Record<KernelName, readonly string[]> = {
  end: [],
  barrier: [],
  gather: ['y'],
  gatherDrawn: ['y'],
  gemm: ['y'],
  denseDx: ['dx'],
  denseDw: ['w'],
  convDw: ['w'],
  biasUpdate: ['w'],
  maxPool: ['y', 'winner'],
  maxPoolGrad: ['dx'],
  relu: ['y'],
  reluGrad: ['dz'],
  singleChannelConv: ['y'],
  stemSums: ['out'],
  stemForward: ['y', 'winner', 'winnerX'],
  stemGrad: ['partial'],
  singleChannelDw: ['partial'],
  columnSums: ['out'],
  reduceUpdate: ['w'],
  mirrorWeights: ['out'],
  winogradWeights: ['u'],
  winogradConv: ['y'],
  winogradDw: ['partial'],
  winogradUpdate: ['w'],
  normSums: ['out'],
  normFinish: ['movingMean', 'movingVariance', 'stats'],
  normInference: ['stats'],
  normApply: ['y'],
  normPool: ['y', 'winner', 'winnerX'],
  normPoolGradSums: ['out'],
  normGradSums: ['out'],
  normGradFinish: ['coefficients', 'gamma', 'beta'],
  normPoolGrad: ['dz'],
  normGrad: ['dz'],
  dropout: ['x'],
  copyBlock: ['y'],
  fillZero: ['y'],
  relayout: ['y'],
  upSample: ['y'],
  upSampleGrad: ['dx'],
  upSampleBilinear: ['y'],
  upSampleBilinearGrad: ['dx'],
  averagePool: ['y'],
  averagePoolGrad: ['dx'],
  globalMax: ['y'],
  globalMaxGrad: ['dx'],
  depthwise: ['y'],
  depthwiseDx: ['dx'],
  depthwiseDw: ['partial'],
  stridedDx: ['dx'],
  layerNorm: ['y'],
  layerNormGrad: ['dx'],
  layerNormSums: ['partial'],
  activate: ['y'],
  activateGrad: ['dz'],
  softmaxPixels: ['y'],
  softmaxPixelsGrad: ['dx'],
  spatialDropout: ['y'],
  gaussianNoise: ['y'],
  outputLoss: ['dz', 'loss'],
  penalty: ['sums'],
  maxNorm: ['w'],
  gradientSquares: ['out'],
  gradientNorms: ['norms'],
  clipScales: ['scales'],
  applyUpdate: ['w'],
  softmaxLoss: ['dz', 'loss'],
  softmax: ['p'],
  countLoss: ['sums'],
}

/** Kernel names in the order of their opcodes. */
export const kernelNames: readonly KernelName[] = Object.keys(kernelTable) as KernelName[]

/** Words before an instruction's arguments: opcode, tiles, length in bytes, 0. */
export const HEADER_WORDS = 4

/** The record that all threads share; offsets in bytes. */
export const controlTable = {
  arrived: 0,
  generation: 4,
  sleepers: 8,
  /** float64 sums since the host cleared them. */
  loss: 16,
  correct: 24,
  /** float32: this step's learning rate without Adam's correction; of `adamTfjs` this step's epsilon. */
  plainRate: 32,
} as const

/** The optimizer's record: one for all weights. Words; names in `f` are float32. */
export const updateTable = [
  'kind',
  'slotBytes',
  'gradientBytes',
  'rhof',
  'restf',
  'rest1f',
  'epsilonf',
  'momentumf',
  'decayf',
  /** The record that all threads share. */
  'control',
  /** 1 where the weight has a penalty, with its l1 and l2. */
  'penalty',
  'l1f',
  'l2f',
  /** The limit of the gradients' clip. */
  'clipf',
] as const

/** Update kinds, by their number. */
export const updateKinds = [
  'storeGradient',
  'rmsprop',
  'rmspropTf2',
  'sgd',
  'momentum',
  'adam',
  'addGradient',
  'nesterov',
  'adamw',
  'rmspropMomentum',
  'rmspropCentered',
  'rmspropCenteredMomentum',
  'rmspropTf2Momentum',
  'rmspropTf2Centered',
  'rmspropTf2CenteredMomentum',
  'adamTfjs',
] as const
