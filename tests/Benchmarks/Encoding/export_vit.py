"""Writes the image tower of a Hugging Face CLIP folder as an ONNX model of float32 with a free batch size.

usage: export_vit.py FOLDER OUT.onnx        needs torch and onnx (Debian: python3-torch, python3-onnx)
"""
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    data = memoryview(path.read_bytes())
    end = 8 + int.from_bytes(data[:8], "little")
    types = {"F16": np.float16, "F32": np.float32}
    header = {name: entry for name, entry in json.loads(bytes(data[8:end])).items() if name != "__metadata__"}
    return {
        name: torch.from_numpy(np.frombuffer(data[end:][slice(*entry["data_offsets"])], types[entry["dtype"]])
                               .reshape(entry["shape"]).astype(np.float32))
        for name, entry in header.items() if name.startswith("vision_model.") or name == "visual_projection.weight"
    }


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.heads = config["num_attention_heads"]
        self.layer_norm1, self.layer_norm2 = (nn.LayerNorm(width, config["layer_norm_eps"]) for _ in range(2))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        _, tokens, width = x.shape
        qkv = self.qkv(self.layer_norm1(x)).view(-1, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = (qkv[0] * (width // self.heads) ** -0.5) @ qkv[1].transpose(-1, -2)
        x = x + self.out((scores.softmax(-1) @ qkv[2]).transpose(1, 2).reshape(-1, tokens, width))
        hidden = self.fc1(self.layer_norm2(x))
        return x + self.fc2(hidden * torch.sigmoid(1.702 * hidden))


class Tower(nn.Module):
    def __init__(self, config, dimension):
        super().__init__()
        width, patch = config["hidden_size"], config["patch_size"]
        self.patch_embedding = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.position_embedding = nn.Parameter(torch.empty((config["image_size"] // patch) ** 2 + 1, width))
        self.pre, self.post = (nn.LayerNorm(width, config["layer_norm_eps"]) for _ in range(2))
        self.layers = nn.Sequential(*(Block(config) for _ in range(config["num_hidden_layers"])))
        self.projection = nn.Linear(width, dimension, bias=False)

    def forward(self, pixels):
        x = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(x.shape[0], 1, -1), x], 1) + self.position_embedding
        return self.projection(self.post(self.layers(self.pre(x))[:, 0]))


def renamed(weights):
    """The folder's tensors under the names above; q, k and v become one."""
    names = {
        "vision_model.embeddings.": "", "vision_model.encoder.": "", "vision_model.pre_layrnorm": "pre",
        "vision_model.post_layernorm": "post", "patch_embedding": "patch_embedding", "position_embedding.weight": "position_embedding",
        "visual_projection": "projection", "self_attn.out_proj": "out", "mlp.": "",
    }
    state = {}
    for name, tensor in weights.items():
        for old, new in names.items():
            name = name.replace(old, new)
        state[name] = tensor
    for name in [name for name in state if ".q_proj." in name]:
        state[name.replace("self_attn.q_proj", "qkv")] = torch.cat([state.pop(name.replace("q_proj", part)) for part in ("q_proj", "k_proj", "v_proj")])
    return state


def main(folder, out):
    config = json.loads((pathlib.Path(folder) / "config.json").read_text())
    tower = Tower(config["vision_config"], config["projection_dim"])
    tower.load_state_dict(renamed(read_safetensors(pathlib.Path(folder) / "model.safetensors")))
    side = config["vision_config"]["image_size"]
    torch.onnx.export(tower.eval(), torch.zeros(2, 3, side, side), out, opset_version=17, input_names=["pixels"],
                      output_names=["features"], dynamic_axes={"pixels": {0: "batch"}, "features": {0: "batch"}})


main(*sys.argv[1:])
