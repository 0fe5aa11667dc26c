// The models of the workloads in jax-js, from weights and a batch to logits.

/** What the models are made of, on a jax-js that is ready. An array may be used once; `ref` is for those used again. */
export function layersOn({ numpy, nn, lax }) {
  const affine = (x, weight, bias) => numpy.matmul(x, weight).add(bias);

  const dense = (weights, x, from) => {
    for (let at = from; at < weights.length; at += 2) {
      x = affine(x, weights[at], weights[at + 1]);
      if (at + 2 < weights.length) x = nn.relu(x);
    }
    return x;
  };

  const pool = (x) => {
    const [batch, channels, height, width] = x.shape;
    return numpy.max(x.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  };

  const perChannel = (vector) => vector.reshape([1, vector.shape[0], 1, 1]);
  const convolve = (x, weight, bias, padding) =>
    lax.conv(x, weight, [1, 1], padding).add(perChannel(bias));

  const normalise = (x, axes) => nn.standardize(x, axes, { epsilon: 1e-5 });

  // With the batch's own statistics; it is spared the running ones, which nothing here reads.
  const block = (x, [weight, bias, scale, shift]) => {
    const normal = normalise(convolve(x, weight, bias, "SAME"), [0, 2, 3]);
    return nn.relu(normal.mul(perChannel(scale)).add(perChannel(shift)));
  };

  return { numpy, nn, affine, dense, pool, convolve, normalise, block };
}

/** All models by name. */
export const MODELS = {
  mlp: ({ dense }, weights, x) => dense(weights, x, 0),

  lenet({ nn, dense, pool, convolve }, weights, images) {
    const convolved = (x, at, padding) =>
      pool(nn.relu(convolve(x, weights[at], weights[at + 1], padding)));
    const features = convolved(convolved(images, 0, "SAME"), 2, "VALID").reshape([64, 400]);
    return dense(weights, features, 4);
  },

  // There is no scan: fifty steps, one after the other, are one function. Rows are looked up by a product.
  lstm({ numpy, nn, affine }, [table, weightInput, weightHidden, bias, head, headBias], rows) {
    const vectors = numpy.matmul(rows, table);
    const products = affine(vectors, weightInput, bias).reshape([32, 50, 512]);
    let [hidden, cell] = [numpy.zeros([32, 128]), numpy.zeros([32, 128])];
    const all = [];
    for (let t = 0; t < 50; t++) {
      const z = products.ref.slice([], t).add(numpy.matmul(hidden, weightHidden.ref));
      const [i, f, g, o] = numpy.split(z, 4, 1);
      cell = nn
        .sigmoid(f)
        .mul(cell)
        .add(nn.sigmoid(i).mul(numpy.tanh(g)));
      hidden = nn.sigmoid(o).mul(numpy.tanh(cell.ref));
      all.push(hidden.ref);
    }
    for (const left of [products, weightHidden, hidden, cell]) left.dispose();
    return affine(numpy.stack(all, 1).reshape([32 * 50, 128]), head, headBias);
  },

  convnet({ numpy, dense, pool, block }, weights, images) {
    const convolved = (x, at) => block(x, weights.slice(at, at + 4));
    const half = pool(convolved(convolved(images, 0), 4));
    return dense(weights, numpy.mean(convolved(convolved(half, 8), 12), [2, 3]), 16);
  },

  transformer({ numpy, nn, affine, normalise }, weights, x) {
    const normal = (values, at) =>
      normalise(values, -1)
        .mul(weights[at])
        .add(weights[at + 1]);
    const parts = affine(normal(x.ref, 0), weights[2], weights[3]);
    const [query, key, value] = numpy
      .split(parts, 3, -1)
      .map((part) => part.reshape([16, 64, 4, 32]).transpose([0, 2, 1, 3]));
    // Written out: dotProductAttention calls what Node 20 does not have.
    const scores = numpy.matmul(query, key.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(32));
    const before = numpy.tri(64, 64, 0, { dtype: "bool" });
    const shares = nn.softmax(numpy.where(before, scores, -Infinity), -1);
    const seen = numpy.matmul(shares, value).transpose([0, 2, 1, 3]).reshape([16, 64, 128]);
    const mixed = affine(seen, weights[4], weights[5]).add(x);
    const wide = affine(normal(mixed.ref, 6), weights[8], weights[9]);
    const narrow = affine(nn.gelu(wide, { approximate: false }), weights[10], weights[11]);
    const positions = narrow.add(mixed).reshape([16 * 64, 128]);
    return affine(positions, weights[12], weights[13]);
  },
};
