"""Makes the checkpoints beside it, with any PyTorch from 1.13 on: python make.py. Tensors count from 0, so that tests know their values."""
import argparse

import torch


def count(*shape, dtype=torch.float32):
    n = 1
    for size in shape:
        n *= size
    return torch.arange(n).reshape(shape).to(dtype)


def state():
    """A module's state dict, with its _metadata."""
    module = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 1), torch.nn.BatchNorm2d(3))
    with torch.no_grad():
        for value in module.state_dict().values():
            value.copy_(count(*value.shape))
    return module.state_dict()


grid = count(2, 3)
torch.save(
    {
        "epoch": 12,
        "best": 0.5,
        "done": False,
        "seed": 2**80,
        "args": {"lr": 1e-3, "name": "größe", "sizes": torch.Size([1, 2]), "type": torch.float16, "device": torch.device("cpu")},
        "history": [1, 2, (3, 4)],
        "model": state(),
        "optimizer": {"state": {0: {"step": torch.tensor(3)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
    },
    "training.pth",
)
torch.save(
    {
        "whole": grid,
        "transposed": grid.t(),
        "column": grid[:, 1],
        "tail": grid.reshape(-1)[4:],
        "expanded": count(3).expand(2, 3),
        "parameter": torch.nn.Parameter(count(2)),
        "channels_last": count(1, 2, 2, 2).contiguous(memory_format=torch.channels_last),
        "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 4),
        "types": {str(dtype)[6:]: count(4, dtype=dtype) for dtype in (
            torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
            torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64)},
    },
    "views.pth",
)
torch.save(state(), "legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"state_dict": state(), "args": argparse.Namespace(lr=0.1)}, "namespace.pth")
torch.save(torch.nn.Linear(1, 1), "module.pth")
