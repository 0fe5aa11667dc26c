"""Two ONNX files of PyTorch with what it computes: words as int64 through an LSTM, and an image through two outputs."""
import json
import os

import torch
from torch import nn

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interchange")
torch.manual_seed(1)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(7, 4)
        self.lstm = nn.LSTM(4, 3, batch_first=True)
        self.head = nn.Linear(3, 2)

    def forward(self, words):
        hidden, _ = self.lstm(self.table(words))
        return self.head(hidden[:, -1])


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(48, 3)

    def forward(self, image):
        logits = self.head(self.net(image))
        return logits, logits.argmax(1)


def save(name, model, example, axes, outputs):
    for state in model.buffers():
        if state.dtype == torch.float32:
            state.data = torch.rand(state.shape) + 0.5
    model.eval()
    path = os.path.join(FOLDER, name + ".onnx")
    torch.onnx.export(model, example, path, input_names=["x"], output_names=outputs, dynamic_axes=axes, opset_version=17)
    with torch.no_grad():
        result = model(example)
    results = result if isinstance(result, tuple) else (result,)
    values = {"x": example, **dict(zip(outputs, results))}
    text = {key: {"shape": list(value.shape), "data": value.flatten().tolist()} for key, value in values.items()}
    with open(os.path.join(FOLDER, name + "-onnx.json"), "w") as file:
        json.dump({"program": "PyTorch " + torch.__version__, "command": "/usr/bin/python3 tests/golden/torch_onnx.py", **text}, file)
        file.write("\n")


words = torch.tensor([[0, 6, 3, 3, 1], [5, 4, 3, 2, 1]])
save("torch-words", Words(), words, {"x": {0: "batch", 1: "sequence"}, "logits": {0: "batch"}}, ["logits"])
images = torch.rand(2, 1, 8, 8)
save("torch-images", Images(), images, {"x": {0: "batch"}, "logits": {0: "batch"}, "classes": {0: "batch"}}, ["logits", "classes"])
