// The smallest step that trains: what tests of compiled steps are about when it does not matter what is trained.
import * as lib from "../../lib/index.ts";

/** What a step trains with. */
export interface Parts {
  readonly model: lib.Layer;
  readonly optimizer: lib.Optimizer;
  readonly loss: lib.CrossEntropyLoss;
}

/** A linear model from 4 numbers to 3 classes, Adam, and a loss; always the same. */
export function parts(): Parts {
  const random = new lib.Generator(1);
  const model = new lib.Linear({ inFeatures: 4, outFeatures: 3, random });
  const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.1 });
  return { model, optimizer, loss: new lib.CrossEntropyLoss() };
}

/** The step that trains them. */
export const step =
  ({ model, optimizer, loss }: Parts) =>
  ({ inputs, targets }: { inputs: lib.Tensor; targets: lib.Tensor }) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };

/** A batch of `size` equal rows. */
export const batch = (size = 2): { inputs: lib.Tensor; targets: lib.Tensor } => ({
  inputs: lib.ones([size, 4]),
  targets: lib.zeros([size], { dtype: "int32" }),
});
