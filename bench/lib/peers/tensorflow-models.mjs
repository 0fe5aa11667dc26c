// The models of the workloads in TensorFlow.js, from weights and a batch to logits. Images have their channels last.

/** Kernels as TensorFlow.js wants them, [height, width, in, out], from gradlab's [out, in, height, width]. */
export const kernelsOf = (tf, weight) => tf.transpose(weight, [2, 3, 1, 0]);
/** Images with their channels last. */
export const imagesOf = (tf, images) => tf.transpose(images, [0, 2, 3, 1]);

/**
 * Convolutions with stride 1. The backend has no gradient for kernels, so both are convolutions here: of the padded
 * output with the kernels turned around, and of the input with the output, whose channels are the batch.
 */
export function convolutionOn(tf) {
  const padded = (x, height, width) => {
    const edges = [0, height, width, 0].map((edge) => [edge, edge]);
    return height + width === 0 ? x : tf.pad(x, edges);
  };

  const gradients = (gradOutput, { images, kernels, padding }) => {
    const [height, width] = kernels.shape;
    const [top, left] = padding === "same" ? [(height - 1) / 2, (width - 1) / 2] : [0, 0];
    const turned = tf.transpose(tf.reverse(kernels, [0, 1]), [0, 1, 3, 2]);
    const wide = padded(gradOutput, height - 1 - top, width - 1 - left);
    const byChannel = padded(tf.transpose(images, [3, 1, 2, 0]), top, left);
    const asKernels = tf.transpose(gradOutput, [1, 2, 0, 3]);
    return [
      tf.conv2d(wide, turned, 1, "valid"),
      tf.transpose(tf.conv2d(byChannel, asKernels, 1, "valid"), [1, 2, 0, 3]),
    ];
  };

  const convolve = (x, weight, padding) =>
    tf.customGrad((images, kernels, save) => {
      save([images, kernels]);
      return {
        value: tf.conv2d(images, kernels, 1, padding),
        gradFunc: (gradOutput, [savedImages, savedKernels]) =>
          gradients(gradOutput, { images: savedImages, kernels: savedKernels, padding }),
      };
    })(x, weight);

  return { convolve, gradients };
}

/** What the models are made of. */
export function layersOn(tf) {
  const { convolve } = convolutionOn(tf);
  const affine = (x, weight, bias) => tf.add(tf.matMul(x, weight), bias);

  const dense = (weights, x, from) => {
    for (let at = from; at < weights.length; at += 2) {
      x = affine(x, weights[at], weights[at + 1]);
      if (at + 2 < weights.length) x = tf.relu(x);
    }
    return x;
  };

  const pool = (x) => tf.maxPool(x, 2, 2, "valid");

  const normalise = (x, axes) => {
    const { mean, variance } = tf.moments(x, axes, true);
    return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  };

  // With the batch's own statistics; it is spared the running ones, which nothing here reads.
  const block = (x, [weight, bias, scale, shift]) => {
    const values = tf.add(convolve(x, weight, "same"), bias);
    return tf.relu(tf.add(tf.mul(normalise(values, [0, 1, 2]), scale), shift));
  };

  // Added to scores: nothing for what comes before, far below everything for what comes after.
  const places = Array.from({ length: 64 }, (_, at) => at);
  const later = tf.tensor(places.map((row) => places.map((at) => (at > row ? -1e30 : 0))));

  return { tf, affine, dense, pool, convolve, normalise, block, later };
}

/** All models by name. */
export const MODELS = {
  mlp: ({ dense }, weights, x) => dense(weights, x, 0),

  lenet({ tf, dense, pool, convolve }, weights, images) {
    const convolved = (x, at, padding) =>
      pool(tf.relu(tf.add(convolve(x, weights[at], padding), weights[at + 1])));
    const maps = convolved(convolved(images, 0, "same"), 2, "valid");
    return dense(weights, tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [64, 400]), 4);
  },

  // Rows are looked up by a product: looking up has no gradient on this backend.
  lstm({ tf, affine }, [table, weightInput, weightHidden, bias, head, headBias], rows) {
    const products = affine(tf.matMul(rows, table), weightInput, bias);
    const steps = tf.unstack(tf.reshape(products, [32, 50, 512]), 1);
    let [hidden, cell] = [tf.zeros([32, 128]), tf.zeros([32, 128])];
    const all = steps.map((product) => {
      const z = tf.add(product, tf.matMul(hidden, weightHidden));
      const [i, f, g, o] = tf.split(z, 4, 1);
      cell = tf.add(tf.mul(tf.sigmoid(f), cell), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      hidden = tf.mul(tf.sigmoid(o), tf.tanh(cell));
      return hidden;
    });
    return affine(tf.reshape(tf.stack(all, 1), [32 * 50, 128]), head, headBias);
  },

  convnet({ tf, dense, pool, block }, weights, images) {
    const convolved = (x, at) => block(x, weights.slice(at, at + 4));
    const half = pool(convolved(convolved(images, 0), 4));
    return dense(weights, tf.mean(convolved(convolved(half, 8), 12), [1, 2]), 16);
  },

  // Products of a batch of matrices are products of one with all positions as rows, which takes it less time.
  transformer({ tf, affine, normalise, later }, weights, x) {
    const normal = (values, at) =>
      tf.add(tf.mul(normalise(values, -1), weights[at]), weights[at + 1]);
    const start = tf.reshape(x, [16 * 64, 128]);
    const parts = tf.split(affine(normal(start, 0), weights[2], weights[3]), 3, 1);
    const [query, key, value] = parts.map((part) =>
      tf.transpose(tf.reshape(part, [16, 64, 4, 32]), [0, 2, 1, 3]),
    );
    const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(32));
    const seen = tf.matMul(tf.softmax(tf.add(scores, later)), value);
    const heads = tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [16 * 64, 128]);
    const mixed = tf.add(affine(heads, weights[4], weights[5]), start);
    const wide = affine(normal(mixed, 6), weights[8], weights[9]);
    const active = tf.mul(wide, tf.mul(tf.add(tf.erf(tf.mul(wide, Math.SQRT1_2)), 1), 0.5));
    const narrow = tf.add(affine(active, weights[10], weights[11]), mixed);
    return affine(narrow, weights[12], weights[13]);
  },
};
