import * as tf from '@tensorflow/tfjs-core';

/**
 * The gradients of a convolution, each expressed as a convolution, for backends that run only the forward one well.
 * TensorFlow.js' WebAssembly backend has no filter gradient at all, and its input gradient is a plain loop, ten times slower than these.
 */
export function registerConvolutionGradients(backendName: string): void {
  replaceKernel('Conv2DBackpropInput', backendName, ({ inputs, attrs }) => {
    const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const { inputShape, strides, pad, dimRoundingMode } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
    return tf.tidy(() => {
      const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
      return inputGradient(dy, filter, info);
    });
  });
  replaceKernel('Conv2DBackpropFilter', backendName, ({ inputs, attrs }) => {
    const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const { filterShape, strides, pad, dimRoundingMode } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
    return tf.tidy(() => {
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      return filterGradient(x, dy, info);
    });
  });
}

type Convolution = tf.backend_util.Conv2DInfo;

/** dx = dy, with zeros between its pixels for a stride, convolved with the filter turned by 180° and its channels swapped. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, info: Convolution): tf.Tensor4D {
  const { filterHeight, filterWidth, inHeight, inWidth, padInfo } = info;
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const spaced = insertZeros(dy, info.strideHeight, info.strideWidth);
  const top = filterHeight - 1 - padInfo.top;
  const left = filterWidth - 1 - padInfo.left;
  const bottom = inHeight + filterHeight - 1 - spaced.shape[1] - top;
  const right = inWidth + filterWidth - 1 - spaced.shape[2] - left;
  const padded = padOrCrop(spaced, [top, bottom], [left, right]);
  return tf.conv2d(padded, turned, 1, 'valid');
}

/**
 * dW[i, j, c, d] = Σ_{n, p, q} x[n, s·p + i − pad, s·q + j − pad, c]·dy[n, p, q, d]: a convolution of x with dy, in which channels are the batch, the
 * batch is the channels, dy is the filter, and the stride is its dilation.
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: Convolution): tf.Tensor4D {
  const { filterHeight, filterWidth, padInfo, strideHeight, strideWidth, outHeight, outWidth } = info;
  const rows = (outHeight - 1) * strideHeight + filterHeight;
  const columns = (outWidth - 1) * strideWidth + filterWidth;
  const bottom = rows - info.inHeight - padInfo.top;
  const right = columns - info.inWidth - padInfo.left;
  const padded = padOrCrop(x, [padInfo.top, bottom], [padInfo.left, right]);
  const product = tf.conv2d(
    tf.transpose(padded, [3, 1, 2, 0]),
    tf.transpose(dy, [1, 2, 0, 3]),
    1,
    'valid',
    'NHWC',
    [strideHeight, strideWidth],
  ); // prettier-ignore
  return tf.transpose(product, [1, 2, 0, 3]);
}

/** `[n, h, w, c]` → `[n, h·s, w·t, c]` with pixel (i, j) at (s·i, t·j) and zeros elsewhere. */
function insertZeros(x: tf.Tensor4D, rowStride: number, columnStride: number): tf.Tensor4D {
  if (rowStride === 1 && columnStride === 1) return x;
  const [batch, rows, columns, channels] = x.shape;
  const wide = tf.pad(tf.reshape(x, [batch * rows, columns, channels]), [[0, 0], [0, 0], [0, (columnStride - 1) * channels]]); // prettier-ignore
  const width = columns * columnStride * channels;
  const tall = tf.pad(tf.reshape(wide, [batch, rows, width]), [
    [0, 0],
    [0, 0],
    [0, (rowStride - 1) * width],
  ]);
  return tf.reshape(tall, [batch, rows * rowStride, columns * columnStride, channels]);
}

/** Zeros around the image; a negative number cuts instead. */
function padOrCrop(x: tf.Tensor4D, rows: [number, number], columns: [number, number]): tf.Tensor4D {
  const cut = (n: number): number => Math.max(0, -n);
  const grow = (n: number): number => Math.max(0, n);
  const [batch, height, width, channels] = x.shape;
  let y = x;
  if (cut(rows[0]) + cut(rows[1]) + cut(columns[0]) + cut(columns[1]) > 0) {
    y = tf.slice(y, [0, cut(rows[0]), cut(columns[0]), 0], [batch, height - cut(rows[0]) - cut(rows[1]), width - cut(columns[0]) - cut(columns[1]), channels]); // prettier-ignore
  }
  if (grow(rows[0]) + grow(rows[1]) + grow(columns[0]) + grow(columns[1]) === 0) return y;
  return tf.pad(y, [[0, 0], [grow(rows[0]), grow(rows[1])], [grow(columns[0]), grow(columns[1])], [0, 0]]); // prettier-ignore
}

function replaceKernel(kernelName: string, backendName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}
