"""Two small networks of PyTorch: their state_dict as npz, and beside it an input with the output in evaluation."""
import os

import numpy as np
import torch
from torch import nn

from golden import classes, uniform

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interchange")


class Words(nn.Module):
    """Attention that sees no later position, between a recurrent layer and a linear one."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 8, batch_first=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 5)

    def forward(self, words):
        hidden, _ = self.lstm(self.embedding(words))
        later = torch.triu(torch.ones(words.shape[1], words.shape[1], dtype=torch.bool), 1)
        mixed, _ = self.attention(hidden, hidden, hidden, attn_mask=later, need_weights=False)
        return self.head(self.norm(hidden + mixed))


images = nn.Sequential(
    nn.Conv2d(2, 4, (3, 2), stride=2, padding=1, groups=2),
    nn.BatchNorm2d(4),
    nn.ReLU(),
    nn.ConvTranspose2d(4, 3, 3, stride=2, output_padding=1),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(3 * 4 * 6, 7),
)


def save(name, model, x):
    # Other numbers than the first ones: no bias is 0, and no two gates or axes are alike.
    for seed, (key, value) in enumerate(model.state_dict().items()):
        if key.endswith("num_batches_tracked"):
            value.fill_(17)
        else:
            value.copy_(uniform(tuple(value.shape), seed, 0.1 if key.endswith("running_var") else -0.7, 0.7))
    model.eval()
    with torch.no_grad():
        y = model(x)
    np.savez(os.path.join(FOLDER, name + ".npz"), **{key: value.numpy() for key, value in model.state_dict().items()})
    np.savez(os.path.join(FOLDER, name + "-example.npz"), input=x.numpy(), output=y.numpy())


save("torch-images", images, uniform((2, 2, 6, 8), 100).float())
save("torch-words", Words(), classes(12, 101, 11).reshape(2, 6))
